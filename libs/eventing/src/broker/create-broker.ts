import type { BrokerOption } from '../eventing.options.js';
import { KafkaBroker } from '../kafka/kafka.broker.js';
import { PostgresLogBroker } from '../postgres-log/postgres-log.broker.js';
import { Broker } from './broker.js';

/** The adapter that an option names; an adapter of the caller's own is taken as it is. */
export function createBroker(option: BrokerOption, clientName: string): Broker {
  if (option instanceof Broker) return option;
  const { sessionTimeoutMs } = option;
  return option.kind === 'kafka'
    ? new KafkaBroker({ brokers: option.brokers, clientId: clientName, sessionTimeoutMs })
    : new PostgresLogBroker({ url: option.url, clientName, sessionTimeoutMs });
}
