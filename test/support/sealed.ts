import { uuid7 } from '@nestbox/kernel';
import type { MessageContract } from '@nestbox/kernel';
import type { OutgoingRecord } from '@nestbox/eventing';

/** What a test wants to decide about an envelope; the rest is made up. */
export interface Seal {
  readonly eventId?: string;
  readonly aggregateVersion?: number;
  readonly correlationId?: string;
}

/** An event or a command as another context would have published it. */
export function sealed<Data>(contract: MessageContract<Data>, data: Data, seal: Seal): { eventId: string; record: OutgoingRecord } {
  const { eventId = uuid7(), aggregateVersion = 1, correlationId = eventId } = seal;
  const traceId = eventId.replaceAll('-', '');
  const envelope = {
    eventId,
    eventType: contract.type,
    eventVersion: contract.version,
    occurredAt: new Date().toISOString(),
    traceId,
    correlationId,
    causationId: correlationId,
    producer: contract.kind === 'event' ? contract.context : 'fulfilment',
    aggregateVersion,
    data,
  };
  const headers = { ce_id: eventId, ce_type: contract.name, traceparent: `00-${traceId}-${traceId.slice(16)}-01` };
  return { eventId, record: { topic: contract.topic, key: contract.key(data), value: JSON.stringify(envelope), headers } };
}
