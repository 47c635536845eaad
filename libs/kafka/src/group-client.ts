import { processMark } from '@nestbox/messaging';
import type { SubscribeOptions } from '@nestbox/messaging';
import type { Consumer, LogEntry } from 'kafkajs';
import { createClient, RETRY } from './client.js';
import { groupProtocol } from './group-protocol.js';
import type { GroupHooks } from './group-protocol.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

/** How long a fetch waits for its first record; also how late a resumed partition may be fetched again. */
const MAX_WAIT_MS = 500;

interface Setup {
  readonly broker: KafkaBrokerOptions;
  readonly options: SubscribeOptions;
}

export function beatMsOf(sessionMs: number): number {
  return Math.min(1_000, sessionMs / 10);
}

/** A kafkajs consumer as a group of ours needs it. Its client id names the process: Kafka makes the member's id of it. */
export function groupClient({ broker, options }: Setup, sessionMs: number, onLog: (entry: LogEntry) => void, hooks: GroupHooks): Consumer {
  return createClient({ ...broker, clientId: broker.clientId + processMark(), onLog }).consumer({
    groupId: options.group,
    sessionTimeout: sessionMs,
    rebalanceTimeout: Math.max(60_000, sessionMs),
    heartbeatInterval: beatMsOf(sessionMs),
    maxBytesPerPartition: 1024 * 1024,
    maxBytes: 16 * 1024 * 1024,
    minBytes: 1,
    maxWaitTimeInMs: MAX_WAIT_MS,
    allowAutoTopicCreation: false,
    retry: { ...RETRY, restartOnFailure: async () => false },
    partitionAssigners: [groupProtocol(hooks)],
  });
}
