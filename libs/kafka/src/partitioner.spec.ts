import { partitionOf } from '@nestbox/messaging';
import kafkajs from 'kafkajs';

describe('kafkajs and the embedded log', () => {
  it('put every key into the same partition', () => {
    const theirs = kafkajs.Partitioners.DefaultPartitioner();
    const keys = ['', 'ä', 'order-1', '21', '😀', ...Array.from({ length: 500 }, (_, i) => `${i}-${'x'.repeat(i % 17)}`)];
    const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
      partitionId, partitionErrorCode: 0, leader: 1, replicas: [1], isr: [1],
    }));
    for (const key of keys) {
      const partition = theirs({ topic: 'checkout.orders', partitionMetadata, message: { key, value: null } });
      expect([key, partitionOf(key, 12)]).toEqual([key, partition]);
    }
  });
});
