import { backOff, RECONNECT, Semaphore, Sleeper } from '@nestbox/kernel';
import type { BrokerLog, SubscribeOptions, Subscription, TopicPartition } from '@nestbox/messaging';
import type { MemberIdentity } from './group-coordinator.js';
import { isCoordinatorNotReady } from './kafka.error.js';
import { KafkaMembership } from './kafka-membership.js';
import type { KafkaBrokerOptions } from './kafka.options.js';

/** Failed tries without a report while the coordinator is not ready, as for a second or two on a new cluster. */
const QUIET_TRIES = 5;

/** Keeps a membership in the group. One that crashed is replaced by a new one: kafkajs does not recover. */
export class KafkaSubscription implements Subscription {
  private membership: KafkaMembership;
  private fault: string | undefined;
  private reported: string | undefined;
  private stopping: Promise<void> | undefined;
  private readonly slots: Semaphore;
  private readonly member: MemberIdentity = { id: '' };
  private readonly pause = new Sleeper();
  private readonly finished: Promise<void>;
  private endWaiting: () => void = () => undefined;
  private readonly stopped = new Promise<void>((resolve) => (this.endWaiting = resolve));

  constructor(
    private readonly broker: KafkaBrokerOptions,
    private readonly options: SubscribeOptions,
    private readonly report: BrokerLog,
  ) {
    this.slots = new Semaphore(options.concurrency ?? 4);
    this.membership = this.join();
    this.finished = this.run();
  }

  assigned(): readonly TopicPartition[] {
    return this.membership.assigned();
  }

  problem(): string | undefined {
    if (this.fault) return this.fault;
    return this.membership.isJoining ? 'joining the group' : this.membership.problem();
  }

  waitsForOperator(): boolean {
    return this.membership.waitsForOperator;
  }

  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    this.fault = 'stopped';
    this.member.isLeaving = true;
    this.endWaiting();
    this.pause.wake();
    await this.membership.stop();
    await this.finished;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping; failures++) {
      const { membership } = this;
      const error = await this.runOnce(membership);
      await membership.stop();
      if (this.stopping || error === undefined) return;
      if (membership.hasJoined) failures = 0;
      this.fault = `Group ${this.options.group} is being joined anew after: ${error.message}`;
      if (failures >= QUIET_TRIES || !isCoordinatorNotReady(error)) this.reportOnce(this.fault, error);
      await this.pause.sleep(backOff(failures, RECONNECT));
      if (!this.stopping) this.membership = this.join();
    }
  }

  /** Runs until the membership ends. Undefined when it was stopped, otherwise the error. */
  private async runOnce(membership: KafkaMembership): Promise<Error | undefined> {
    const started = membership.start().then(
      () => (this.fault = this.stopping && this.fault),
      (error: Error) => error,
    );
    const failed = started.then((outcome) => (outcome instanceof Error ? outcome : membership.crashed));
    return Promise.race([failed, membership.crashed, this.stopped.then(() => undefined)]);
  }

  /** Reports a repeated fault only once. */
  private reportOnce(fault: string, error: Error): void {
    if (this.reported !== fault) this.report(fault, error);
    this.reported = fault;
  }

  private join(): KafkaMembership {
    const { broker, options, slots, report, member } = this;
    return new KafkaMembership({ broker, options, slots, report, member });
  }
}
