import { withinMs } from '@nestbox/kernel';
import type { Broker, Subscription, TopicPartition } from '@nestbox/messaging';
import type { ConsumerOptions } from '../consumer.options.js';
import { Downtime } from './downtime.js';
import type { GroupConsumer } from './group-consumer.js';

/** A client that does not even stop holds nobody up for longer. */
const STOP_MS = 40_000;

/** One group of handlers and its membership on the broker, which can be replaced by a new one while the app runs. */
export class ConsumedGroup {
  private readonly downtime = new Downtime(performance.now());

  private constructor(
    private readonly broker: Broker,
    private readonly consumer: GroupConsumer,
    private readonly options: ConsumerOptions,
    private subscription: Subscription,
  ) {}

  static async begin(broker: Broker, consumer: GroupConsumer, options: ConsumerOptions): Promise<ConsumedGroup> {
    return new ConsumedGroup(broker, consumer, options, await subscribe(broker, consumer, options));
  }

  get group(): string {
    return this.consumer.group;
  }

  get topics(): readonly string[] {
    return this.consumer.topics;
  }

  assigned(): readonly TopicPartition[] {
    return this.subscription.assigned();
  }

  /** True while a handler has a batch of this partition: it moves as soon as the handler does. */
  isBusy(place: TopicPartition): boolean {
    return this.consumer.isBusy(place);
  }

  problem(): string | undefined {
    const problem = this.subscription.problem();
    this.downtime.note(problem);
    return problem;
  }

  /** For how long, in ms, it has been seen not to consume; 0 while it does. */
  downMs(): number {
    return this.downtime.note(this.subscription.problem());
  }

  /** True while an operator has paused it, or one of its handlers. */
  get isPaused(): boolean {
    return this.consumer.isPaused;
  }

  /** True when it stands still on purpose: only an operator can say where to go on. */
  get waitsForOperator(): boolean {
    return this.isPaused || (this.subscription.waitsForOperator?.() ?? false);
  }

  /** Leaves the group and joins it anew with a new client. Rejects when the old one cannot be stopped. */
  async rebuild(): Promise<void> {
    await withinMs(STOP_MS, () => this.subscription.stop(), () => {
      throw new Error(`The client of ${this.group} does not stop.`);
    });
    this.subscription = await subscribe(this.broker, this.consumer, this.options);
  }

  async stop(): Promise<void> {
    await this.subscription.stop();
  }
}

function subscribe(broker: Broker, { group, topics, handle }: GroupConsumer, options: ConsumerOptions): Promise<Subscription> {
  const { maxBatch = 500, concurrency = 4 } = options;
  return broker.subscribe({ group, topics, handler: handle, maxBatch, concurrency });
}
