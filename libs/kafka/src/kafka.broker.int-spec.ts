import { describeBrokerContract } from '@nestbox/messaging/testing';
import { KafkaFixture } from './kafka.fixture.js';

const addresses = process.env.KAFKA_BROKERS?.split(',');

if (addresses) {
  describeBrokerContract('Apache Kafka', async () => {
    const kafka = new KafkaFixture(addresses);
    return {
      broker: () => kafka.broker(),
      expel: (group) => kafka.expel(group),
      reload: (group) => kafka.reload(group),
      close: () => kafka.close(),
    };
  });
} else {
  describe.skip('The broker contract, kept by Apache Kafka: KAFKA_BROKERS is not set', () => {
    it('needs a broker', () => undefined);
  });
}
