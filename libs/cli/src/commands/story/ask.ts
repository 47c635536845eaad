import { composeStory } from '@nestbox/telemetry';
import type { FoundMessage, HandlingsPart, MessagesPart, Story, StoryParts } from '@nestbox/telemetry';
import type { App } from '../../shop/app.js';
import { acrossApps } from '../../shop/across-apps.js';
import type { Asking } from '../../shop/across-apps.js';
import { findApps } from '../../shop/shop.js';

const DAY_MS = 86_400_000;
/** Clocks differ, and the cause of a message is older than its id. */
const MARGIN_MS = 60_000;
const PATIENCE_MS = 60_000;

export interface Answer {
  /** Undefined when no answering app knows the id. */
  readonly story: Story | undefined;
  readonly silent: readonly string[];
}

/** Asks every app and composes the story from their answers. */
export async function askForStory(id: string, since: Date, asking: Asking): Promise<Answer> {
  const silent = new Set<string>();
  const alive = await reachable(asking, silent);
  const { name: first } = findApps([...alive.options.app], asking.env)[0]!;
  /** The first answering app also reports what the broker knows about the silent ones (`instead`). */
  const toEach = (path: string, body: object) => (app: App) =>
    app.ask<never>(path, post({ ...body, instead: app.name === first ? [...silent] : [] }, asking.signal));
  const find = (ids: readonly string[]) =>
    across<MessagesPart>(alive, silent, toEach('/admin/story/messages', { ids, since: since.toISOString() }));
  let messages = await find([id]);
  // Messages of other keys belong to the story too: a second search finds them by correlation id.
  const others = [...new Set(messages.flatMap((part) => part.messages.map(({ correlationId }) => correlationId)))].filter((one) => one !== id);
  if (others.length > 0) messages = await find([id, ...others.slice(0, 40)]);
  const found = messages.flatMap((part) => part.messages);
  // A message that was published twice is asked about once.
  const published = new Map(found.flatMap(publishedMessage).map((message) => [message.eventId, message]));
  const body = { messages: [...published.values()].slice(0, 1_000), keys: [...new Set(found.map(({ key }) => key))].slice(0, 50) };
  const handlings = await across<HandlingsPart>(alive, silent, toEach('/admin/story/handlings', body));
  const parts: StoryParts = { messages, handlings, silent: [...silent] };
  return { story: composeStory(id, parts), silent: parts.silent };
}

/** Start of the search: UUIDs of version 7 contain their creation time. */
export function sinceOf(id: string, given: string | undefined, now = Date.now()): Date {
  if (given !== undefined) return new Date(given);
  const [, ms] = /^([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(id) ?? [];
  return new Date(ms === undefined ? now - DAY_MS : parseInt(ms.replace('-', ''), 16) - MARGIN_MS);
}

/** Limits the request to apps that answer; adds the others to `silent`. */
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
  return { method: 'POST', role: 'viewer', body, signal, patienceMs: PATIENCE_MS } as const;
}

function publishedMessage({ eventId, type, topic, place }: FoundMessage) {
  return place.in === 'topic' ? [{ eventId, type, topic, partition: place.partition, offset: place.offset, at: place.at }] : [];
}
