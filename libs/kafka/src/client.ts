import kafkajs from 'kafkajs';
import type { Kafka, LogEntry } from 'kafkajs';
import { patchClient } from './client-patches.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

/** Tries of one request before the adapter takes over and makes a new client. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };

export interface ClientOptions extends KafkaBrokerOptions {
  readonly requestTimeoutMs?: number;
  /** Default RETRY's. */
  readonly retries?: number;
  /** What kafkajs would have printed, warnings and errors only. */
  readonly onLog?: (entry: LogEntry) => void;
}

let patched = false;

/**
 * A client of its own for each user: kafkajs keeps committed offsets per group in the client, and two consumers of
 * one group must not share them. kafkajs' own printing is silenced: the adapter tells what matters, once.
 */
export function createClient({ brokers, clientId, ssl, sasl, requestTimeoutMs = 10_000, retries = RETRY.retries, onLog }: ClientOptions): Kafka {
  if (!patched) patchClient();
  patched = true;
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
 * kafkajs' own method where OpenTelemetry's instrumentation has wrapped it: messages have their spans already, and a second
 * one would put another place into their traceparent.
 */
function uninstrumented<Method extends object>(method: Method & { __original?: Method }): Method {
  return method.__original ?? method;
}
