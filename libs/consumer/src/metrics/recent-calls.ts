import { dwellOf } from '@nestbox/messaging';
import type { Arrival, BrokerRecord } from '@nestbox/messaging';
import type { Stay } from '@nestbox/telemetry';
import type { Task } from '../handler/task.js';

/** Calls kept per handler. A call is one event of a reaction, or one batch of a projection. */
const MOST_CALLS = 2_000;

interface Call {
  readonly topic: string;
  readonly partition: number;
  /** Offsets of the first and the last record. */
  readonly from: string;
  readonly to: string;
  readonly arrival: Arrival;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The last handler calls of this process. They show where a single message has waited. */
export class RecentCalls {
  private readonly calls = new Map<string, { readonly ring: Call[]; next: number }>();

  /** Records a call. `tasks` belong to one partition and are in offset order; without tasks nothing is recorded. */
  note(handler: string, tasks: readonly Pick<Task, 'record' | 'arrival'>[], startedAt: number, endedAt: number): void {
    const [first] = tasks;
    if (!first?.arrival) return;
    const { record, arrival } = first;
    let known = this.calls.get(handler);
    if (!known) this.calls.set(handler, (known = { ring: [], next: 0 }));
    const { topic, partition, offset: from } = record;
    known.ring[known.next] = { topic, partition, from, to: tasks.at(-1)!.record.offset, arrival, startedAt, endedAt };
    known.next = (known.next + 1) % MOST_CALLS;
  }

  /** Undefined when another process handled the record, or when the call is no longer kept. */
  stayOf(handler: string, record: Pick<BrokerRecord, 'topic' | 'partition' | 'offset' | 'timestamp'>): Stay | undefined {
    const { topic, partition, timestamp } = record;
    const offset = BigInt(record.offset);
    const holds = (call: Call) =>
      call.topic === topic && call.partition === partition && BigInt(call.from) <= offset && offset <= BigInt(call.to);
    const call = this.calls.get(handler)?.ring.find(holds);
    if (!call) return undefined;
    const { broker, queue } = dwellOf({ timestamp, headers: {} }, call.arrival, call.startedAt);
    return { brokerMs: Math.round(broker * 1_000), queueMs: Math.round(queue * 1_000), handlerMs: call.endedAt - call.startedAt };
  }
}
