import type { MessageContract } from '@nestbox/kernel';

/** One failed attempt, as operators read it. */
export interface FailedAttempt {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly errorClass: string;
  readonly code: string | null;
  /** Redacted, one line, at most 500 characters. */
  readonly message: string;
  readonly traceId: string | null;
}

export interface DescribedFailure {
  readonly errorClass: string;
  readonly code: string | null;
  readonly message: string;
  /** Fingerprint of the error and its place. Failures with one cause have the same fingerprint. */
  readonly cause: string;
}

const MAX_MESSAGE = 500;
// Characters that could forge or hide a log line, or control a terminal.
const UNSAFE = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;
/** Personal data and secrets that error messages often quote: addresses, long numbers, values of a violated constraint. */
const REDACTIONS: readonly (readonly [RegExp, string])[] = [
  [/[^\s@"'<>()=]+@[^\s@"'<>()=]+\.[a-z]{2,}/gi, '<address>'],
  [/\b(password|passwd|pwd|secret|token|authorization|api[-_]?key)\b(["']?\s*[:=]\s*|\s+)(bearer\s+)?\S+/gi, '$1$2<secret>'],
  [/\)=\(.*?\)(?= |$)/g, ')=(<values>)'],
  [/\b\d(?:[ -]?\d){11,18}\b/g, '<number>'],
];

/** Accepts any thrown value. Never throws. */
export function describeFailure(error: unknown): DescribedFailure {
  const errorClass = clean(safely(() => classOf(error)) ?? 'unknown', 100);
  const code = safely(() => (error as { code?: unknown }).code);
  const text = safely(() => (error instanceof Error ? error.message : String(error))) ?? 'unreadable';
  const message = redact(withoutPersonal(error, text));
  const frame = safely(() => topFrame((error as Error).stack));
  const cleanCode = typeof code === 'string' || typeof code === 'number' ? clean(String(code), 100) : null;
  const what = cleanCode === null ? errorClass : `${errorClass} ${cleanCode}`;
  return { errorClass, code: cleanCode, message, cause: clean(frame ? `${errorClass} at ${frame}` : `${what}: ${gistOf(message)}`, 300) };
}

export function redact(message: string): string {
  let text = message.slice(0, 4 * MAX_MESSAGE);
  for (const [pattern, by] of REDACTIONS) text = text.replace(pattern, by);
  return clean(text, MAX_MESSAGE);
}

/** Makes a text safe for PostgreSQL, one log line and a terminal. */
export function clean(text: string, length: number): string {
  return text.replace(UNSAFE, ' ').slice(0, length).replace(/[\ud800-\udfff]/gu, '\ufffd');
}

function classOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return error === null ? 'null' : typeof error;
  const { name } = error as { name?: unknown };
  if (error instanceof Error && error.constructor.name !== 'Error') return error.constructor.name;
  return typeof name === 'string' && name !== '' ? name : (error.constructor?.name ?? 'Object');
}

/**
 * `ReserveStock.reserve (when-order-placed.ts:21)`: the first frame of our own code, without paths. Undefined for an error
 * from a library callback, such as a driver's: its frames are the same for every failure.
 */
function topFrame(stack: unknown): string | undefined {
  if (typeof stack !== 'string') return undefined;
  const frames = stack.slice(0, 10_000).split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !/node:|node_modules|<anonymous>$/.test(line));
  const [, name, file, line] = /^\s+at (?:async )?(?:(.+?) \()?(?:.*[\\/])?([^\\/:]+):(\d+):\d+\)?$/.exec(own ?? '') ?? [];
  return file && (name ? `${name} (${file}:${line})` : `${file}:${line}`);
}

// The parts that differ between events: ids, numbers, quoted values. Quoted names of database objects stay.
const PARTICULARS =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<!\b(?:constraint|relation|column|table|function|index|type) )"[^"]*"|'[^']*'|\d+/gi;

function gistOf(message: string): string {
  return message.replace(PARTICULARS, '…');
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Shorter values identify nobody, and replacing them would make every text unreadable. */
const SHORTEST = 3;
const personalIn = new WeakMap<object, RegExp>();

/**
 * Call it for an error of code that had a person's data: the error may quote it. From now on `describeFailure` removes this
 * data from the error's text.
 */
export function redactPersonal(error: unknown, { personal }: Pick<MessageContract, 'personal'>, data: unknown): void {
  if (!personal || typeof error !== 'object' || error === null) return;
  const values = Object.keys(personal.fields).flatMap((field) => textsIn((data as Record<string, unknown> | null)?.[field]));
  const identifying = values.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  if (identifying.length > 0) personalIn.set(error, new RegExp(identifying.map(escaped).join('|'), 'gi'));
}

function withoutPersonal(error: unknown, text: string): string {
  const values = typeof error === 'object' && error !== null ? personalIn.get(error) : undefined;
  return values ? text.replace(values, '<personal>') : text;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
