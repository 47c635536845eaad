import kafkajs from 'kafkajs';
import type { Kafka, LogEntry } from 'kafkajs';
import { patchClient } from './client-patches.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

/** Tries of one request before the adapter takes over and makes a new client. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };

export interface ClientOptions extends KafkaBrokerOptions {
  readonly requestTimeoutMs?: number;
  /** What kafkajs would have printed, warnings and errors only. */
  readonly onLog?: (entry: LogEntry) => void;
}

let patched = false;

/**
 * A client of its own for each user: kafkajs keeps committed offsets per group in the client, and two consumers of
 * one group must not share them. kafkajs' own printing is silenced: the adapter tells what matters, once.
 */
export function createClient({ brokers, clientId, ssl, sasl, requestTimeoutMs = 10_000, onLog }: ClientOptions): Kafka {
  if (!patched) patchClient();
  patched = true;
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ssl,
    sasl,
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    retry: RETRY,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => onLog?.(entry),
  });
}
