import type { IHeaders } from 'kafkajs';
import { KafkaRecord } from './kafka-record.js';

function record(headers?: IHeaders): KafkaRecord {
  const message = { key: Buffer.from('order-1'), value: Buffer.from('{}'), offset: '7', timestamp: '1764000000000', attributes: 0, headers };
  return new KafkaRecord('checkout.orders', 3, message as never);
}
const traced = (flags: string) => record({ traceparent: Buffer.from(`00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`) });

describe('a record from Kafka', () => {
  it('has its headers as text, the last of several that have one name', () => {
    const { headers, timestamp } = record({ ce_type: Buffer.from('checkout.OrderPlaced.v1'), twice: ['one', Buffer.from('two')] });
    expect([headers.ce_type, headers.twice, headers.never]).toEqual(['checkout.OrderPlaced.v1', 'two', undefined]);
    expect(timestamp).toBe(1_764_000_000_000);
  });

  it('tells by one byte whether its trace is collected', () => {
    expect([traced('01').isCollected, traced('00').isCollected]).toEqual([true, false]);
  });

  it('leaves that to the header where a byte does not say it', () => {
    expect([traced('0b').isCollected, record().isCollected, record({ traceparent: ['a', 'b'] }).isCollected]).toEqual([undefined, undefined, undefined]);
  });
});
