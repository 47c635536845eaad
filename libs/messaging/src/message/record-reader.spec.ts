import { uuid7 } from '@nestbox/kernel';
import type { BrokerRecord } from '../broker/broker.js';
import { FieldEncryption } from '../encryption/field-encryption.js';
import { RecordReader } from './record-reader.js';
import { SchemaCache } from './schema-cache.js';

const place = { topic: 'checkout.orders', partition: 0, offset: '0', timestamp: 0, key: Buffer.from('order-1') };
const framed = (headers: Record<string, string>): BrokerRecord => ({ ...place, value: Buffer.from([0, 0, 0, 0, 7, 1, 2]), headers });
const envelope = { ce_id: uuid7(), ce_type: 'checkout.OrderPlaced.v1', ce_time: '2026-11-23T06:00:00.000Z', ce_source: '/checkout' };

describe('reading a record that begins as one with a schema id, where no registry is known', () => {
  // Database and metrics are not used before a registry answers.
  const options = { context: 'checkout' } as never;
  const reader = new RecordReader(new SchemaCache(options, undefined as never, undefined as never), new FieldEncryption(options));

  it('waits for a registry, which somebody has forgotten to name', async () => {
    await expect(reader.need(framed(envelope))).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: expect.stringContaining('set SCHEMA_REGISTRY_URL') });
  });

  it('waits for nothing when it has no envelope: such bytes are nobody’s event, and are parked', () => {
    const record = framed({});
    expect(reader.need(record)).toBeUndefined();
    expect(() => reader.decode(record)).toThrow('eventId is no UUID');
  });
});
