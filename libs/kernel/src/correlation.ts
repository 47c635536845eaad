import { AsyncLocalStorage } from 'node:async_hooks';
import { randomHex } from './uuid.js';

/** Ids that link the messages, log lines and responses of one request. */
export interface Correlation {
  /** Shared by everything that one external request caused. */
  readonly correlationId: string;
  /** The message or request being handled: the cause of the next messages. */
  readonly causationId: string;
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the parent span of messages written now. */
  readonly spanId: string;
  /** False: spans of this trace are not collected. Undefined: not decided. */
  readonly sampled?: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
// One store per process is fine: it holds only ids of the asynchronous context, no configuration.
const storage = new AsyncLocalStorage<Correlation>();

export function runWithCorrelation<T>(correlation: Correlation, work: () => T): T {
  return storage.run(correlation, work);
}

export function currentCorrelation(): Correlation | undefined {
  return storage.getStore();
}

/** Strict W3C Trace Context, version 00. Undefined for a malformed header, which must be dropped, not repaired. */
export function parseTraceparent(header: string | undefined): { traceId: string; spanId: string; sampled: boolean } | undefined {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  return match ? { traceId: match[1]!, spanId: match[2]!, sampled: (parseInt(match[3]!, 16) & 1) === 1 } : undefined;
}

export function formatTraceparent({ traceId, spanId, sampled = true }: Pick<Correlation, 'traceId' | 'spanId' | 'sampled'>): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

export function newTraceId(): string {
  return randomHex(16);
}

export function newSpanId(): string {
  return randomHex(8);
}
