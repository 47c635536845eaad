import type { AppHandling, Story, StoryMessage } from './journey.js';
import type { FoundMessage, StoryParts } from './parts.js';
import { waitsOfStory } from './waiting-at.js';

/**
 * Composes a story from the answers of all apps. `id` is a key, a correlation id or a message id. Unrelated messages with the
 * same correlation id are left out. Undefined when no message matches.
 */
export function composeStory(id: string, { messages: parts, handlings, silent }: StoryParts, now = Date.now()): Story | undefined {
  const found = distinct(parts.flatMap(({ messages }) => messages));
  const own = connectedTo(id, found);
  if (own.length === 0) return undefined;
  // Another app reports on a silent one; that app's name is its group.
  const answeredFor = (group: string, app: string) => (silent.includes(group) ? group : app);
  const all = handlings.flatMap(({ app, handlings }) => handlings.map((one) => ({ ...one, app: answeredFor(one.group, app) })));
  const sagas = handlings.flatMap(({ app, sagas }) => sagas.map((saga) => ({ ...saga, app })));
  const ids = new Set(own.map(({ eventId }) => eventId));
  const below = (cause: string): StoryMessage[] => own.filter(({ causationId }) => causationId === cause).map(nodeOf);
  const nodeOf = (message: FoundMessage): StoryMessage => ({
    ...message,
    ...waitsOf(message, all, now),
    follows: message.causationId === message.eventId ? [] : below(message.eventId),
  });
  const roots = own.filter(({ causationId, eventId }) => !ids.has(causationId) || causationId === eventId).map(nodeOf);
  const outboxStands = Object.fromEntries(parts.map(({ app, outboxStands }) => [app, outboxStands]));
  return {
    id,
    correlationIds: [...new Set(own.map(({ correlationId }) => correlationId))],
    traceIds: [...new Set(own.map(({ traceId }) => traceId))],
    startedAt: own[0]!.occurredAt,
    roots,
    sagas,
    standings: waitsOfStory({ roots, sagas, silent, outboxStands }),
    silent,
  };
}

/** Removes duplicates: a message published twice keeps its first position. */
function distinct(messages: readonly FoundMessage[]): FoundMessage[] {
  const first = new Map<string, FoundMessage>();
  for (const message of messages) {
    const known = first.get(message.eventId);
    if (!known || (known.place.in !== 'topic' && message.place.in === 'topic')) first.set(message.eventId, message);
  }
  return [...first.values()].sort((a, b) => a.occurredAt.localeCompare(b.occurredAt) || a.eventId.localeCompare(b.eventId));
}

/** The matching messages, their causes and effects, and everything else linked to those. */
function connectedTo(id: string, messages: readonly FoundMessage[]): FoundMessage[] {
  const isWanted = ({ key, eventId, correlationId }: FoundMessage) => key === id || eventId === id || correlationId === id;
  const near = new Map<string, FoundMessage[]>();
  for (const message of messages) {
    for (const point of [message.eventId, message.causationId]) near.set(point, [...(near.get(point) ?? []), message]);
  }
  const reached = new Set(messages.filter(isWanted));
  for (const { eventId, causationId } of reached) {
    for (const point of [eventId, causationId]) for (const next of near.get(point) ?? []) reached.add(next);
  }
  return messages.filter((message) => reached.has(message));
}

function waitsOf({ eventId, place, occurredAt }: FoundMessage, all: readonly AppHandling[], now: number) {
  const published = place.in === 'topic' ? Date.parse(place.at) : undefined;
  const handlings = all
    .filter((handling) => handling.eventId === eventId)
    .map((handling) => {
      const isOpen = handling.state === 'waiting' || handling.state === 'paused';
      const end = isOpen ? now : handling.state === 'handled' && handling.at !== null ? Date.parse(handling.at) : undefined;
      return { ...handling, waitedMs: end === undefined || published === undefined ? null : Math.max(0, end - published) };
    })
    .sort((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~') || a.handler.localeCompare(b.handler));
  return { outboxMs: Math.max(0, (published ?? now) - Date.parse(occurredAt)), handlings };
}
