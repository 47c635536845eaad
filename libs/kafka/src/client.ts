import { nestLog } from '@nestbox/messaging';
import kafkajs from 'kafkajs';
import type { Kafka, LogEntry } from 'kafkajs';
import { patchClient } from './client-patches.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { unpackUpTo } from './unpacked-limit.js';

/** Retries of one request inside kafkajs; after that the adapter makes a new client. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 };

export interface ClientOptions extends KafkaBrokerOptions {
  readonly requestTimeoutMs?: number;
  /** Default RETRY's. */
  readonly retries?: number;
  /** Gets kafkajs' log entries, warnings and errors only. */
  readonly onLog?: (entry: LogEntry) => void;
}

let patched = false;

/**
 * Creates a client for one user: kafkajs keeps committed offsets per group in the client, and two consumers of one group
 * must not share them. kafkajs' own logging is off: the adapter reports what matters, once.
 */
export function createClient({ brokers, clientId, ssl, sasl, maxUnpackedBytes, requestTimeoutMs = 10_000, retries = RETRY.retries, onLog }: ClientOptions): Kafka {
  if (!patched) patchClient(nestLog('Kafka'));
  patched = true;
  unpackUpTo(maxUnpackedBytes);
  const client = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ssl,
    sasl,
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    retry: { ...RETRY, retries },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => onLog?.(entry),
  });
  client.producer = uninstrumented(client.producer);
  client.consumer = uninstrumented(client.consumer);
  return client;
}

/**
 * Removes OpenTelemetry's instrumentation from a kafkajs method: messages already have spans, and a second one would
 * overwrite their traceparent.
 */
function uninstrumented<Method extends object>(method: Method & { __original?: Method }): Method {
  return method.__original ?? method;
}
