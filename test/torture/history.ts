/** One line of a history: what a system has published, and what its consumers have made of it. */
export interface HistoryLine {
  readonly kind: 'published' | 'handled' | 'effect';
  readonly key: string;
  /** Of the key, counted up by one from 1. At least one of `version` and `eventId` is there. */
  readonly version?: number;
  readonly eventId?: string;
  readonly topic?: string;
  /** Of what was handled, or had an effect. */
  readonly consumer?: string;
  readonly at?: string;
}

export interface ConsumerVerdict {
  readonly consumer: string;
  readonly events: number;
  /** Deliveries of what had been delivered before: allowed, where its effect is not doubled. */
  readonly repeated: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly inverted: readonly string[];
}

export class HistoryError extends Error {}

const kinds = ['published', 'handled', 'effect'];

export function parseHistory(text: string): HistoryLine[] {
  const lines = text.split('\n').map((line, n) => ({ line: line.trim(), n: n + 1 }));
  return lines.filter(({ line }) => line !== '').map(({ line, n }) => parseLine(line, n));
}

function parseLine(line: string, n: number): HistoryLine {
  const refuse = (what: string) => new HistoryError(`Line ${n} ${what}`);
  let value: HistoryLine;
  try {
    value = JSON.parse(line) as HistoryLine;
  } catch {
    throw refuse('is no JSON');
  }
  if (!kinds.includes(value?.kind)) throw refuse(`has no kind: one of ${kinds.join(', ')}`);
  if (typeof value.key !== 'string') throw refuse('has no key');
  if (value.version === undefined && value.eventId === undefined) throw refuse('has neither version nor eventId');
  if (value.version !== undefined && !Number.isInteger(value.version)) throw refuse('has a version that is no whole number');
  if (value.kind !== 'published' && typeof value.consumer !== 'string') throw refuse('has no consumer');
  return value;
}

const idOf = ({ topic = '', key, version, eventId }: HistoryLine) => eventId ?? `${topic} ${key} ${version}`.trim();

/** Lines count in the order in which they stand. A consumer is held to every topic of which it has handled anything. */
export function judge(history: readonly HistoryLine[]): ConsumerVerdict[] {
  const published = history.filter(({ kind }) => kind === 'published');
  const consumers = new Set(history.flatMap(({ consumer }) => consumer ?? []));
  return [...consumers].sort().map((consumer) => {
    const own = history.filter((line) => line.kind !== 'published' && line.consumer === consumer);
    return { consumer, ...judgeOne(published, own) };
  });
}

function judgeOne(published: readonly HistoryLine[], own: readonly HistoryLine[]): Omit<ConsumerVerdict, 'consumer'> {
  const handled = own.filter(({ kind }) => kind === 'handled').map(idOf);
  const effects = own.filter(({ kind }) => kind === 'effect').map(idOf);
  // Who notes effects is judged by them: a delivery without one has lost the event all the same.
  const done = new Set(effects.length > 0 ? effects : handled);
  const topics = new Set(own.map(({ topic }) => topic));
  const due = new Set(published.filter(({ topic }) => topics.has(topic)).map(idOf));
  return {
    events: due.size,
    repeated: handled.length - new Set(handled).size,
    lost: [...due].filter((id) => !done.has(id)),
    doubled: [...repeatedIn(effects)],
    inverted: invertedIn(own.filter(({ kind }) => kind === (effects.length > 0 ? 'effect' : 'handled'))),
  };
}

function repeatedIn(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.has(id) || !seen.add(id)));
}

/** What came for the first time after something later of its key. */
function invertedIn(lines: readonly HistoryLine[]): string[] {
  const highest = new Map<string, number>();
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    if (line.version === undefined || seen.has(idOf(line))) return [];
    seen.add(idOf(line));
    const place = `${line.topic ?? ''} ${line.key}`;
    const before = highest.get(place) ?? 0;
    highest.set(place, Math.max(before, line.version));
    return line.version < before ? [`${line.key}: ${line.version} after ${before}`] : [];
  });
}

const some = (names: readonly string[]) => names.slice(0, 5).map((name) => `    ${name}\n`).join('') + (names.length > 5 ? `    … and ${names.length - 5} more\n` : '');

export function verdictText(verdicts: readonly ConsumerVerdict[]): string {
  const texts = verdicts.map(({ consumer, events, repeated, lost, doubled, inverted }) => {
    const counts = `${lost.length} lost, ${doubled.length} doubled, ${inverted.length} inverted`;
    const groups = Object.entries({ lost, doubled, inverted }).filter(([, names]) => names.length > 0);
    return `${consumer}: ${events} events, ${counts} (${repeated} delivered again)\n${groups.map(([name, names]) => `  ${name}\n${some(names)}`).join('')}`;
  });
  return texts.join('') || 'Nobody has handled anything: there is nothing to judge.\n';
}

export function isBroken(verdicts: readonly ConsumerVerdict[]): boolean {
  return verdicts.some(({ lost, doubled, inverted }) => lost.length + doubled.length + inverted.length > 0);
}
