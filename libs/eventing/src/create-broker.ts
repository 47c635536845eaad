import { Broker } from '@nestbox/messaging';
import { PostgresLogBroker } from '@nestbox/postgres-log';
import type { BrokerOption } from './eventing.options.js';

/** The adapter that an option names; an adapter of the caller's own is taken as it is. */
export async function createBroker(option: BrokerOption, clientName: string): Promise<Broker> {
  if (option instanceof Broker) return option;
  const { sessionTimeoutMs } = option;
  if (option.kind === 'postgres') return new PostgresLogBroker({ url: option.url, clientName, sessionTimeoutMs });
  // Loading kafkajs takes a tenth of a second: only where there is a Kafka.
  const { KafkaBroker } = await import('@nestbox/kafka');
  const { brokers, ssl, sasl } = option;
  return new KafkaBroker({ brokers, ssl, sasl, clientId: clientName, sessionTimeoutMs });
}
