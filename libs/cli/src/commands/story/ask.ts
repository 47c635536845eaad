import { composeStory } from '@nestbox/telemetry';
import type { FoundMessage, HandlingsPart, MessagesPart, Story, StoryParts } from '@nestbox/telemetry';
import type { App } from '../../shop/app.js';
import { acrossApps } from '../../shop/across-apps.js';
import type { Asking } from '../../shop/across-apps.js';
import { findApps } from '../../shop/shop.js';

const DAY_MS = 86_400_000;
/** Clocks differ, and what led to an id came before it. */
const MARGIN_MS = 60_000;
const PATIENCE_MS = 60_000;

export interface Answer {
  /** Undefined when none of those that answered knows of it. */
  readonly story: Story | undefined;
  readonly silent: readonly string[];
}

/** Asks every app, and puts together what they say. */
export async function askForStory(id: string, since: Date, asking: Asking): Promise<Answer> {
  const silent = new Set<string>();
  const alive = await reachable(asking, silent);
  const { name: first } = findApps([...alive.options.app], asking.env)[0]!;
  /** One of those that answer tells what can be told of those that do not. */
  const toEach = (path: string, body: object) => (app: App) =>
    app.ask<never>(path, post({ ...body, instead: app.name === first ? [...silent] : [] }, asking.signal));
  const find = (ids: readonly string[]) =>
    across<MessagesPart>(alive, silent, toEach('/admin/story/messages', { ids, since: since.toISOString() }));
  let messages = await find([id]);
  // Not everything that belongs to the story says so in the same words: its correlation ids do.
  const others = [...new Set(messages.flatMap((part) => part.messages.map(({ correlationId }) => correlationId)))].filter((one) => one !== id);
  if (others.length > 0) messages = await find([id, ...others.slice(0, 40)]);
  const found = messages.flatMap((part) => part.messages);
  // One that was published twice is asked about once.
  const lain = new Map(found.flatMap(lying).map((message) => [message.eventId, message]));
  const body = { messages: [...lain.values()].slice(0, 1_000), keys: [...new Set(found.map(({ key }) => key))].slice(0, 50) };
  const handlings = await across<HandlingsPart>(alive, silent, toEach('/admin/story/handlings', body));
  const parts: StoryParts = { messages, handlings, silent: [...silent] };
  return { story: composeStory(id, parts), silent: parts.silent };
}

/** Where to begin to look: ids of our own tell when they were made. */
export function sinceOf(id: string, given: string | undefined, now = Date.now()): Date {
  if (given !== undefined) return new Date(given);
  const [, ms] = /^([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(id) ?? [];
  return new Date(ms === undefined ? now - DAY_MS : parseInt(ms.replace('-', ''), 16) - MARGIN_MS);
}

/** The same of those apps alone that answer at all. */
async function reachable(asking: Asking, silent: Set<string>): Promise<Asking> {
  const { options } = asking;
  const names = (await across(asking, silent, async () => ({}))).map(({ app }) => app);
  const app = options.app.length === 0 ? names : options.app.filter((entry) => names.includes(entry.split('=')[0]!.trim()));
  return { ...asking, options: { app } };
}

async function across<Part>(asking: Asking, silent: Set<string>, ask: (app: App) => Promise<Part>) {
  const { found } = await acrossApps(asking, ask);
  const answered = new Set(found.map(({ app }) => app));
  for (const { name } of findApps(asking.options.app, asking.env)) if (!answered.has(name)) silent.add(name);
  return found.map(({ app, answer }) => ({ ...answer, app }));
}

function post(body: object, signal: AbortSignal) {
  return { method: 'POST', body, signal, patienceMs: PATIENCE_MS } as const;
}

function lying({ eventId, type, topic, place }: FoundMessage) {
  return place.in === 'topic' ? [{ eventId, type, topic, partition: place.partition, offset: place.offset, at: place.at }] : [];
}
