import type { WaitingAt, Story, StoryMessage } from './journey.js';

interface ComposedParts extends Pick<Story, 'roots' | 'sagas' | 'silent'> {
  /** By app: why its outbox publishes nothing. */
  readonly outboxStands: Readonly<Record<string, string | null>>;
}

/** The longest wait first. Sagas come last, because they only wait for others. */
export function waitsOfStory({ roots, sagas, silent, outboxStands }: ComposedParts): WaitingAt[] {
  const messages = flat(roots);
  const open = messages.flatMap((message) => [...unpublished(message, outboxStands), ...unhandled(message)]);
  const running = sagas.filter(({ endedAt }) => endedAt === null);
  // A missing answer matters only while a saga waits for it.
  const asked = running.length > 0 ? messages.flatMap((message) => unanswered(message, silent)) : [];
  const waiting = running.map(({ app, saga, id, changedAt, status, note, waitsFor }): WaitingAt => {
    const until = waitsFor.map(({ name, dueAt }) => `${name} until ${dueAt}`).join(', ');
    const why = [status === 'running' ? null : status, note, until && `waits for ${until}`].filter(Boolean).join('; ');
    return { where: 'saga', app, handler: saga, type: id, eventId: null, since: changedAt, why: why || null };
  });
  const bySince = (a: WaitingAt, b: WaitingAt) => a.since.localeCompare(b.since);
  return [...[...open, ...asked].sort(bySince), ...waiting.sort(bySince)];
}

function flat(messages: readonly StoryMessage[]): StoryMessage[] {
  return messages.flatMap((message) => [message, ...flat(message.follows)]);
}

function unpublished(message: StoryMessage, outboxStands: ComposedParts['outboxStands']): WaitingAt[] {
  const { place, producer: app, type, eventId, occurredAt: since } = message;
  const common = { app, handler: null, type, eventId, since };
  if (place.in === 'outbox') return [{ ...common, where: 'outbox', why: outboxStands[app] ?? null }];
  return place.in === 'refused' ? [{ ...common, where: 'refused', why: place.why }] : [];
}

function unhandled({ type, eventId, place, handlings }: StoryMessage): WaitingAt[] {
  if (place.in !== 'topic') return [];
  return handlings.flatMap(({ app, handler, state, at, failures, why, letter, dueAt, ahead, groupStands }): WaitingAt[] => {
    const common = { app, handler: handler === app ? null : handler, type, eventId, since: at ?? place.at };
    const failed = [letter && `letter ${app}/${letter}`, failures > 0 && `${failures} failed tries`, why].filter(Boolean).join('; ');
    switch (state) {
      case 'parked':
        return [{ ...common, where: 'parked', why: failed || null }];
      case 'retried':
        return [{ ...common, where: 'retry', why: `${failed}; again at ${dueAt}` }];
      case 'paused':
        return [{ ...common, where: 'paused', why }];
      case 'waiting':
        if (groupStands !== null) return [{ ...common, where: 'broker', why: groupStands }];
        return [{ ...common, where: 'consumer queue', why: `${ahead > 0 ? `${ahead} ${ahead === 1 ? 'record' : 'records'} before it` : 'it is next'}${why ? `; ${why}` : ''}` }];
      default:
        return [];
    }
  });
}

function unanswered({ kind, type, eventId, topic, place, follows, handlings }: StoryMessage, silent: readonly string[]): WaitingAt[] {
  if (kind !== 'command' || follows.length > 0) return [];
  const asked = topic.split('.')[0]!;
  if (place.in === 'topic' && silent.includes(asked) && handlings.length === 0) {
    const why = 'the app does not answer: whether it has taken this is not known';
    return [{ where: 'service', app: asked, handler: null, type, eventId, since: place.at, why }];
  }
  const taken = handlings.find(({ state }) => state === 'handled');
  if (!taken?.at) return [];
  const { app, handler, at: since } = taken;
  return [{ where: 'service', app, handler, type, eventId, since, why: 'it has not answered yet' }];
}
