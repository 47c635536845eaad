import { KafkaRecord } from './kafka-record.js';
import { WireHeaders } from './wire-headers.js';

/** A record with one header of 55 bytes, in Kafka's record format (lengths in zigzag). */
function traced(flags: string): KafkaRecord {
  const value = `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`;
  const bytes = Buffer.concat([Buffer.from([2, 22]), Buffer.from('traceparent'), Buffer.from([110]), Buffer.from(value)]);
  return record(new WireHeaders(bytes, 0).reduce());
}

function record(headers: object | undefined): KafkaRecord {
  const message = { key: Buffer.from('order-1'), value: Buffer.from('{}'), offset: '7', timestamp: '1764000000000', attributes: 0, headers };
  return new KafkaRecord('checkout.orders', 3, message as never);
}

describe('a record from Kafka', () => {
  it('tells by one byte whether its trace is collected', () => {
    expect([traced('01').isCollected, traced('00').isCollected]).toEqual([true, false]);
    expect(traced('01').headers.traceparent).toMatch(/^00-4bf92f35.*-01$/);
  });

  it('leaves that to the header where a byte does not say it', () => {
    expect([traced('0b').isCollected, record(undefined).isCollected]).toEqual([undefined, undefined]);
  });

  it('has its headers as text also where kafkajs has parsed them, of repeated ones the last', () => {
    const headers = { ce_type: Buffer.from('OrderPlaced'), twice: [Buffer.from('a'), Buffer.from('b')] };
    expect(record(headers).headers).toEqual({ ce_type: 'OrderPlaced', twice: 'b' });
    expect(record(undefined).headers).toEqual({});
  });
});
