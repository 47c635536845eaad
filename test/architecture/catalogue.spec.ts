import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import * as contracts from '@nestbox/contracts';
import type { HandlerMark, SagaDefinition } from '@nestbox/eventing';
import { handlerMarksOn, partsOfModule, sagaMarkOn } from '@nestbox/kernel';
import type { CommandContract, EventContract, MarkedClass } from '@nestbox/kernel';
import { z } from 'zod';

/** Events that nobody in the house listens to, and why they are told all the same. */
const unheard: Record<string, string> = {};

interface Handler extends HandlerMark {
  readonly app: string;
}

const root = join(process.cwd(), 'apps');
const apps = readdirSync(root);
const events = (Object.values(contracts) as unknown[]).filter(
  (exported): exported is EventContract => (exported as { kind?: string }).kind === 'event',
);

const commands = (Object.values(contracts) as unknown[]).filter(
  (exported): exported is CommandContract => (exported as { kind?: string }).kind === 'command',
);

/** The classes that an app's module lists. */
async function partsOf(app: string): Promise<MarkedClass[]> {
  const exported = (await import(join(root, app, 'src', `${app}.module.ts`))) as Record<string, object>;
  return Object.values(exported).flatMap(partsOfModule);
}

/** The sagas of an app: each is one handler of all that it hears. */
async function sagasOf(app: string): Promise<Handler[]> {
  const sagas = (await partsOf(app)).flatMap((part) => sagaMarkOn<SagaDefinition>(part) ?? []);
  return sagas.flatMap(({ id, starts, hears }) => [starts, ...hears].map((contract) => ({ id, app, kind: 'reaction' as const, contract })));
}

/** The marks on the methods of an app's classes, as the consumer finds them. */
async function handlersOf(app: string): Promise<Handler[]> {
  return (await partsOf(app)).flatMap((type) => handlerMarksOn<HandlerMark>(type).map(({ mark }) => ({ ...mark, app })));
}

/** Apps whose source raises the event. */
const producersOf = (type: string) => appsThat(new RegExp(`\\.raise\\(${type}\\b`));

/** Apps whose source issues the command. */
const sendersOf = (type: string) => appsThat(new RegExp(`\\bissue\\(${type}\\b`));

function appsThat(contain: RegExp): string[] {
  return apps.filter((app) => sourcesIn(join(root, app, 'src')).some((source) => contain.test(source)));
}

function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => /(?<!spec)\.ts$/.test(entry.name));
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
}

describe('the catalogue of events', () => {
  const handlers: Handler[] = [];

  beforeAll(async () => {
    // Several apps in one process: TypeORM's module remarks on that, though none of them is started.
    Logger.overrideLogger(false);
    for (const app of apps) handlers.push(...(await handlersOf(app)), ...(await sagasOf(app)));
  });

  it('has events in it, and handlers of them', () => {
    expect(events.length).toBeGreaterThanOrEqual(6);
    expect(handlers.length).toBeGreaterThanOrEqual(15);
  });

  it.each(events.map(({ type, context }) => ({ type, context })))('$type is told by $context alone', ({ type, context }) => {
    expect(producersOf(type)).toEqual([context]);
  });

  it.each(events.map(({ type }) => type))('%s is heard by somebody, or has a reason not to be', (type) => {
    const hearers = handlers.filter(({ contract }) => contract.type === type).map(({ app }) => app);
    if (unheard[type]) expect(hearers).toEqual([]);
    else expect(hearers).not.toEqual([]);
  });

  it.each(commands.map(({ type, recipient }) => ({ type, recipient })))('$type is carried out once, by $recipient', ({ type, recipient }) => {
    expect(handlers.filter(({ contract }) => contract.type === type).map(({ app }) => app)).toEqual([recipient]);
  });

  it.each(commands.map(({ type }) => type))('%s is sent by somebody', (type) => {
    expect(sendersOf(type)).not.toEqual([]);
  });

  it('excuses no event that does not exist', () => {
    const types: string[] = events.map(({ type }) => type);
    expect(Object.keys(unheard).filter((type) => !types.includes(type))).toEqual([]);
  });

  it('has every event type once, whatever its context', () => {
    const types = events.map(({ type, version }) => `${type}.v${version}`);
    expect(new Set(types).size).toBe(types.length);
    const contexts = new Map(events.map(({ type, context }) => [type, context]));
    expect(events.filter(({ type, context }) => contexts.get(type) !== context)).toEqual([]);
  });

  it('has every topic that is written or read among the topics that apps create', () => {
    const known = contracts.topics.map(({ name }) => name as string);
    const used = [...events, ...commands, ...handlers.map(({ contract }) => contract)].map(({ topic }) => topic);
    expect(used.filter((topic) => !known.includes(topic))).toEqual([]);
    expect(known.filter((topic) => !used.some((one) => one === topic))).toEqual([]);
  });

  it('gives each handler id to one app, whose name it begins with', () => {
    for (const { id, app } of handlers) expect(id).toMatch(new RegExp(`^${app}\\.[a-z][a-z0-9-]*$`));
  });

  it('gives each handler id to one kind of handler, and to each event once', () => {
    for (const { id, kind } of handlers) {
      const same = handlers.filter((handler) => handler.id === id);
      expect(new Set(same.map((handler) => handler.kind))).toEqual(new Set([kind]));
      expect(new Set(same.map(({ contract }) => contract.type)).size).toBe(same.length);
    }
  });

  it('has every handler id in the lock of its app: the inbox remembers what was handled under them', () => {
    for (const app of apps) {
      const lock = join(root, app, 'handlers.lock.json');
      const locked = existsSync(lock) ? (JSON.parse(readFileSync(lock, 'utf8')) as string[]) : [];
      expect(locked).toEqual([...new Set(handlers.filter((one) => one.app === app).map(({ id }) => id))].sort());
    }
  });

  it('can forget every field that a contract says is personal', () => {
    for (const { name, schema, personal } of events) {
      const { properties = {} } = z.toJSONSchema(schema as unknown as z.ZodType) as { properties?: Record<string, object> };
      const tagged = Object.keys(properties).filter((field) => 'x-personal-data' in properties[field]!);
      expect({ name, fields: Object.keys(personal?.fields ?? {}).sort() }).toEqual({ name, fields: tagged.sort() });
    }
  });
});
