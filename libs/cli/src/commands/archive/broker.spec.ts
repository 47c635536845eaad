import { onBroker } from './broker.js';

const kafka = { BROKER: 'kafka', KAFKA_BROKERS: '127.0.0.1:9' };

describe('the broker that an archive command talks to', () => {
  it.each([
    [{}, 'No broker is known here: set KAFKA_BROKERS, or BROKER_DATABASE_URL for the embedded log'],
    [{ ...kafka, KAFKA_SSL: 'yes' }, 'KAFKA_SSL is "yes", expected true or false'],
    [{ ...kafka, KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'ada' }, 'KAFKA_SASL_MECHANISM is set: set KAFKA_USERNAME and KAFKA_PASSWORD, too'],
  ])('is not guessed at: %j', async (env, message) => {
    await expect(onBroker(env, async () => undefined)).rejects.toThrow(message);
  });
});
