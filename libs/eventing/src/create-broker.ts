import { Broker } from '@nestbox/messaging';
import { PostgresLogBroker } from '@nestbox/postgres-log';
import type { BrokerOption } from './eventing.options.js';

/** Creates the adapter for an option; returns the caller's own adapter unchanged. */
export async function createBroker(option: BrokerOption, clientName: string): Promise<Broker> {
  if (option instanceof Broker) return option;
  const { sessionTimeoutMs } = option;
  if (option.kind === 'postgres') return new PostgresLogBroker({ url: option.url, clientName, sessionTimeoutMs });
  // Loaded on demand: kafkajs takes a tenth of a second to load.
  const { KafkaBroker } = await import('@nestbox/kafka');
  const { brokers, ssl, sasl } = option;
  return new KafkaBroker({ brokers, ssl, sasl, clientId: clientName, sessionTimeoutMs });
}
