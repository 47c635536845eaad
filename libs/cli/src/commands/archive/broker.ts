import type { Broker, BrokerOption } from '@nestbox/eventing';
import { Fault } from '../../fault.js';

/** Connects to the broker directly, from an app's environment variables: archives are too large to pass through an app. */
export async function onBroker<T>(env: NodeJS.ProcessEnv, work: (broker: Broker) => Promise<T>): Promise<T> {
  const { createBroker } = await import('@nestbox/eventing');
  const option = optionIn(env);
  if (!option) throw new Fault('No broker is known here: set KAFKA_BROKERS, or BROKER_DATABASE_URL for the embedded log');
  const broker = await createBroker(option, 'nestbox');
  try {
    return await work(broker);
  } catch (cause) {
    throw new Fault((cause as Error).message, 1, { cause });
  } finally {
    await broker.close();
  }
}

function optionIn(env: NodeJS.ProcessEnv): BrokerOption | undefined {
  const { BROKER, KAFKA_BROKERS, KAFKA_SSL, BROKER_DATABASE_URL } = env;
  const isKafka = BROKER ? BROKER === 'kafka' : KAFKA_BROKERS !== undefined;
  if (isKafka && KAFKA_BROKERS) {
    // A typo must not send a password unencrypted.
    if (KAFKA_SSL && !['true', 'false'].includes(KAFKA_SSL)) throw new Fault(`KAFKA_SSL is "${KAFKA_SSL}", expected true or false`);
    return { kind: 'kafka', brokers: KAFKA_BROKERS.split(','), ssl: KAFKA_SSL === 'true', sasl: saslIn(env) };
  }
  return BROKER_DATABASE_URL ? { kind: 'postgres', url: BROKER_DATABASE_URL } : undefined;
}

function saslIn({ KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password }: NodeJS.ProcessEnv) {
  if (!mechanism) return undefined;
  if (!username || !password) throw new Fault('KAFKA_SASL_MECHANISM is set: set KAFKA_USERNAME and KAFKA_PASSWORD, too');
  return { mechanism: mechanism as 'plain', username, password };
}
