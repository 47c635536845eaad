import { describeBrokerContract } from '../testing/broker.contract.js';
import { KafkaBroker } from './kafka.broker.js';

const brokers = process.env.KAFKA_BROKERS?.split(',');

if (brokers) {
  describeBrokerContract('Apache Kafka', async () => ({
    broker: async () => {
      const broker = new KafkaBroker({ brokers, clientId: 'contract', log: () => undefined });
      await broker.connect();
      return broker;
    },
    close: async () => undefined,
  }), { canExpel: false });
} else {
  describe.skip('The broker contract, kept by Apache Kafka: KAFKA_BROKERS is not set', () => {
    it('needs a broker', () => undefined);
  });
}
