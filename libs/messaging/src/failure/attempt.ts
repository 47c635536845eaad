import { withoutPersonal } from './conceal.js';

/** One failed try, as operators read it. */
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
  /** Fingerprint: what failed where. Equal for failures that one fix will mend. */
  readonly cause: string;
}

const MAX_MESSAGE = 500;
// Everything that could forge a line, hide one or steer a terminal.
const UNSAFE = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;
/** Personal data and secrets that errors are known to quote: addresses, long numbers, values of a broken constraint. */
const REDACTIONS: readonly (readonly [RegExp, string])[] = [
  [/[^\s@"'<>()=]+@[^\s@"'<>()=]+\.[a-z]{2,}/gi, '<address>'],
  [/\b(password|passwd|pwd|secret|token|authorization|api[-_]?key)\b(["']?\s*[:=]\s*|\s+)(bearer\s+)?\S+/gi, '$1$2<secret>'],
  [/\)=\(.*?\)(?= |$)/g, ')=(<values>)'],
  [/\b\d(?:[ -]?\d){11,18}\b/g, '<number>'],
];

/** Takes anything that can be thrown; never throws. */
export function describeFailure(error: unknown): DescribedFailure {
  const errorClass = clean(safely(() => classOf(error)) ?? 'unknown', 100);
  const code = safely(() => (error as { code?: unknown }).code);
  const said = safely(() => (error instanceof Error ? error.message : String(error))) ?? 'unreadable';
  const message = redact(withoutPersonal(error, said));
  const frame = safely(() => topFrame((error as Error).stack));
  const kept = typeof code === 'string' || typeof code === 'number' ? clean(String(code), 100) : null;
  const what = kept === null ? errorClass : `${errorClass} ${kept}`;
  return { errorClass, code: kept, message, cause: clean(frame ? `${errorClass} at ${frame}` : `${what}: ${gistOf(message)}`, 300) };
}

export function redact(message: string): string {
  let text = message.slice(0, 4 * MAX_MESSAGE);
  for (const [pattern, by] of REDACTIONS) text = text.replace(pattern, by);
  return clean(text, MAX_MESSAGE);
}

/** Makes a text fit for PostgreSQL, one log line and a terminal. */
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
 * `ReserveStock.reserve (when-order-placed.ts:21)`: the first frame of our own code, without the machine's paths. None
 * where the error was made in a callback of a library, as drivers do: that frame is the same for whatever went wrong.
 */
function topFrame(stack: unknown): string | undefined {
  if (typeof stack !== 'string') return undefined;
  const frames = stack.slice(0, 10_000).split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !/node:|node_modules|<anonymous>$/.test(line));
  const [, name, file, line] = /^\s+at (?:async )?(?:(.+?) \()?(?:.*[\\/])?([^\\/:]+):(\d+):\d+\)?$/.exec(own ?? '') ?? [];
  return file && (name ? `${name} (${file}:${line})` : `${file}:${line}`);
}

// What differs from event to event: ids, numbers, quoted values; what PostgreSQL quotes the name of stays.
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
