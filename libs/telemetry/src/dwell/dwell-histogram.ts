import type { Stay } from '../story/parts.js';
import { dwellOf } from './dwell.js';
import type { Arrival, TimedRecord } from './dwell.js';

/** A record with its place in its partition. */
interface PlacedRecord extends TimedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** The method that handles records; `type` is the event's. */
interface Method {
  readonly mark: { readonly contract: { readonly type: string } };
}

/** A record that was handled. Without `arrival` it is not measured. */
export interface HandledTask {
  readonly record: PlacedRecord;
  readonly method: Method;
  readonly arrival: Arrival | undefined;
}

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
  note(handler: string, tasks: readonly Pick<HandledTask, 'record' | 'arrival'>[], startedAt: number, endedAt: number): void {
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
  stayOf(handler: string, record: Omit<PlacedRecord, 'headers'>): Stay | undefined {
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

type Stage = 'outbox' | 'broker' | 'queue' | 'handler';

const BUCKETS = [0.01, 0.05, 0.2, 1, 5, 30, 120, 600, 3_600];
/** Samples per batch. Records next to each other have waited equally long, and each sample costs time. */
const SAMPLES = 8;

interface Series {
  readonly labels: { readonly handler: string; readonly event_type: string; readonly stage: Stage };
  readonly counts: number[];
  sum: number;
  count: number;
}

/**
 * How long messages wait, by handler, event type and stage. Not a histogram of prom-client, because that needs a microsecond to
 * find a series by its labels. Here the handler's method is the key.
 */
export class DwellHistogram {
  readonly name = 'nestbox_message_dwell_seconds';
  readonly help = 'How long messages were in the outbox, at the broker, in the consumer queue and with the handler.';
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly labelNames = ['handler', 'event_type', 'stage'];
  /** The calls behind the numbers, to look up single messages. */
  readonly recent = new RecentCalls();
  private readonly series = new Map<Method, Record<Stage, Series>>();

  /** Counts the messages of one handler call. Times are ms since the epoch. */
  observe(handler: string, tasks: readonly HandledTask[], startedAt: number, endedAt: number): void {
    this.recent.note(handler, tasks, startedAt, endedAt);
    const step = Math.max(1, Math.floor(tasks.length / SAMPLES));
    for (let at = 0; at < tasks.length; at += step) {
      const { method, record, arrival } = tasks[at]!;
      const weight = Math.min(step, tasks.length - at);
      const stages = this.of(handler, method);
      add(stages.handler, (endedAt - startedAt) / 1_000, weight);
      if (!arrival) continue;
      const { outbox, broker, queue } = dwellOf(record, arrival, startedAt);
      if (outbox !== undefined) add(stages.outbox, outbox, weight);
      add(stages.broker, broker, weight);
      add(stages.queue, queue, weight);
    }
  }

  /** Called by prom-client's registry. */
  async get() {
    const values = [...this.series.values()].flatMap((stages) => Object.values(stages).flatMap(samplesOf));
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values };
  }

  reset(): void {
    this.series.clear();
  }

  private of(handler: string, method: Method): Record<Stage, Series> {
    let stages = this.series.get(method);
    if (!stages) {
      const open = (stage: Stage): Series => {
        const labels = { handler, event_type: method.mark.contract.type, stage };
        return { labels, counts: new Array<number>(BUCKETS.length).fill(0), sum: 0, count: 0 };
      };
      stages = { outbox: open('outbox'), broker: open('broker'), queue: open('queue'), handler: open('handler') };
      this.series.set(method, stages);
    }
    return stages;
  }
}

function add(series: Series, value: number, weight: number): void {
  const bucket = BUCKETS.findIndex((bound) => value <= bound);
  if (bucket !== -1) series.counts[bucket]! += weight;
  series.sum += value * weight;
  series.count += weight;
}

function samplesOf({ labels, counts, sum, count }: Series) {
  const name = 'nestbox_message_dwell_seconds';
  let below = 0;
  const buckets = counts.map((inside, n) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le: BUCKETS[n]! },
    value: (below += inside),
  }));
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
