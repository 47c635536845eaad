import { withinMs } from '@nestbox/kernel';
import { Downtime } from '@nestbox/messaging';
import type { Broker, Subscription, TopicPartition } from '@nestbox/messaging';
import type { ConsumerOptions } from '../consumer.options.js';
import type { GroupConsumer } from './group-consumer.js';

/** Longest wait, in ms, for a client to stop. */
const STOP_MS = 40_000;

/** One consumer group and its subscription on the broker, which can be replaced at run time. */
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

  /** True while a handler has a batch of this partition. */
  isBusy(partition: TopicPartition): boolean {
    return this.consumer.isBusy(partition);
  }

  problem(): string | undefined {
    const problem = this.subscription.problem();
    this.downtime.note(problem);
    return problem;
  }

  /** For how long, in ms, the group has not been consuming; 0 while it is. */
  downMs(): number {
    return this.downtime.note(this.subscription.problem());
  }

  /** True while the group, or one of its handlers, is paused. */
  get isPaused(): boolean {
    return this.consumer.isPaused;
  }

  /** True when the group goes on only after an operator acts. */
  get waitsForOperator(): boolean {
    return this.isPaused || (this.subscription.waitsForOperator?.() ?? false);
  }

  /** Leaves the group and joins it with a new client. Rejects when the old client does not stop. */
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
