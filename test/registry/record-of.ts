import type { Broker, BrokerRecord } from '@nestbox/eventing';
import { eventually } from '@nestbox/eventing/testing';
import { uuid7 } from '@nestbox/kernel';

/** The first record of a contract (and key), once it is there: read by a group that nobody has heard of. */
export async function recordOf(broker: Broker, { topic, name }: { topic: string; name: string }, key?: string): Promise<BrokerRecord> {
  const records: BrokerRecord[] = [];
  const handler = async (batch: { records: readonly BrokerRecord[] }) => void records.push(...batch.records);
  const subscription = await broker.subscribe({ group: `audit-${uuid7()}`, topics: [topic], handler });
  const found = () => records.find((record) => record.headers.ce_type === name && (key === undefined || record.key?.toString() === key));
  try {
    await eventually(() => expect(found()).toBeDefined());
  } finally {
    await subscription.stop();
  }
  return found()!;
}
