import type { Semaphore } from '@nestbox/kernel';
import { PartitionRunner } from '@nestbox/messaging';
import type { BrokerLog, SubscribeOptions, TopicPartition } from '@nestbox/messaging';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { MemberIdentity } from './group-coordinator.js';
import type { ClusterInternals, Joined } from './kafkajs-internals.js';
import { beatMsOf, groupClient } from './group-client.js';
import { KafkaPartition, nameOf } from './kafka-partition.js';
import { toEventingError, withDeadline } from './kafka.error.js';
import type { KafkaBrokerOptions } from './kafka.options.js';
import { OffsetGuard } from './offset-guard.js';

const DEADLINE_MS = 10_000;
/** Share of the session time for which a heartbeat is trusted: the coordinator's clock starts earlier than ours. */
const TRUST = 0.8;

interface Membership {
  readonly broker: KafkaBrokerOptions;
  readonly options: SubscribeOptions;
  readonly slots: Semaphore;
  readonly report: BrokerLog;
  readonly member: MemberIdentity;
}

/** One kafkajs consumer, from joining the group until it stops or crashes. It is never restarted. */
export class KafkaMembership {
  /** Resolves when the consumer has crashed. */
  readonly crashed: Promise<Error>;
  private readonly consumer: Consumer;
  private readonly sessionMs: number;
  private partitions = new Map<string, KafkaPartition>();
  private readonly guard: OffsetGuard;
  private cluster: ClusterInternals | undefined;
  /** The latest batch: only a batch can send heartbeats and commits of the running generation. */
  private latest: EachBatchPayload | undefined;
  private joined = false;
  /** Its partitions are handed over, and the join that gives it others has not succeeded yet. */
  private rejoining = false;
  private readonly strays = new Set<string>();
  private breakOff: (error: Error) => void = () => undefined;
  private closing: Promise<void> | undefined;
  private trustedUntil = 0;

  constructor(private readonly setup: Membership) {
    const { broker, options } = setup;
    this.sessionMs = options.sessionTimeoutMs ?? broker.sessionTimeoutMs ?? 30_000;
    this.guard = new OffsetGuard(options.group, ({ topic, partition }, why) => {
      setup.report(why);
      this.consumer.pause([{ topic, partitions: [partition] }]);
    });
    this.consumer = groupClient(setup, this.sessionMs, (entry) => this.guard.overhear(entry), {
      beforeJoin: () => this.handOver(),
      beforeReset: () => this.guard.beforeReset(),
      onCluster: (cluster) => (this.cluster = cluster),
      member: setup.member,
    });
    this.crashed = this.listen();
  }

  get hasJoined(): boolean {
    return this.joined;
  }

  get isJoining(): boolean {
    return !this.joined || this.rejoining;
  }

  assigned(): TopicPartition[] {
    return [...this.partitions.values()].map(({ runner: { topic, partition } }) => ({ topic, partition }));
  }

  problem(): string | undefined {
    if (this.joined && performance.now() > this.trustedUntil) return 'the group coordinator does not answer';
    return this.guard.problem();
  }

  get waitsForOperator(): boolean {
    return this.guard.problem() !== undefined;
  }

  async start(): Promise<void> {
    const { topics, concurrency = 4 } = this.setup.options;
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: Math.max(16, concurrency),
      eachBatch: (payload) => this.accept(payload),
    });
  }

  /** Lets handlers finish and commit while kafkajs still sends heartbeats, then leaves the group. Idempotent. */
  stop(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    await this.drain();
    await withDeadline(this.consumer.disconnect(), DEADLINE_MS, 'Leaving the group').catch(() => undefined);
  }

  private listen(): Promise<Error> {
    const { consumer } = this;
    const { GROUP_JOIN, HEARTBEAT, FETCH_START, START_BATCH_PROCESS, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.takeOver(payload));
    consumer.on(HEARTBEAT, () => this.trust());
    // kafkajs joins only while it fetches nothing. A fetch now means that it gave the join up and reads on as before.
    consumer.on(FETCH_START, () => {
      if (this.rejoining) this.breakOff(this.setup.member.refusal ?? new Error('joining it again was given up'));
    });
    consumer.on(START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize } }) => {
      if (batchSize === 0) this.partitions.get(nameOf(topic, partition))?.passedOver();
    });
    return new Promise((resolve) => {
      this.breakOff = resolve;
      consumer.on(CRASH, ({ payload }) => {
        for (const { runner } of this.partitions.values()) runner.lose();
        resolve(payload.error);
      });
    });
  }

  private trust(): void {
    this.trustedUntil = performance.now() + this.sessionMs * TRUST;
  }

  private takeOver({ memberId, memberAssignment: assignment }: Joined): void {
    this.trust();
    this.joined = true;
    this.rejoining = false;
    this.strays.clear();
    this.setup.member.id = memberId;
    this.guard.forget();
    this.partitions = new Map();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) this.partitions.set(nameOf(topic, partition), this.open(topic, partition));
      this.consumer.resume([{ topic, partitions: [...partitions] }]);
    }
  }

  /**
   * The group waits until this member's handlers are done, so no partition is handled by two members at once. The partitions
   * stay listed until the join has succeeded: a member that cannot come back is seen to own what it does not read.
   */
  private async handOver(): Promise<void> {
    const beat = setInterval(() => void this.latest?.heartbeat().catch(() => undefined), beatMsOf(this.sessionMs));
    await this.drain();
    clearInterval(beat);
    this.rejoining = this.joined;
  }

  private async drain(): Promise<void> {
    await Promise.all([...this.partitions.values()].map(({ runner }) => runner.drain()));
  }

  private async accept(payload: EachBatchPayload): Promise<void> {
    this.latest = payload;
    if (this.closing || this.rejoining) return;
    const name = nameOf(payload.batch.topic, payload.batch.partition);
    const kafka = this.partitions.get(name);
    if (kafka) return kafka.accept(payload);
    // One batch may be left over from an earlier generation. A second means that kafkajs reads what nobody would handle.
    if (this.strays.has(name)) this.breakOff(new Error(`${name} is read, but was not assigned`));
    this.strays.add(name);
  }

  private open(topic: string, partition: number): KafkaPartition {
    const { options, slots, report } = this.setup;
    const { handler, maxBatch = 500, group } = options;
    const kafka: KafkaPartition = new KafkaPartition(
      new PartitionRunner({
        topic, partition, handler, maxBatch, slots,
        isTrusted: () => performance.now() < this.trustedUntil,
        commit: (nextOffset) => this.commit(topic, partition, nextOffset),
        heartbeat: async () => this.latest?.heartbeat().catch((error: unknown) => Promise.reject(toEventingError(error))),
        onSpace: () => kafka.hasSpace(),
        onFailure: (error) => report(`${group}: a handler of ${topic}[${partition}] failed, trying again`, error),
      }),
      () => this.cluster?.committedOffsets({ groupId: group })[topic]?.[partition],
      {
        pause: () => this.consumer.pause([{ topic, partitions: [partition] }]),
        resume: () => this.consumer.resume([{ topic, partitions: [partition] }]),
        stop: (why) => this.guard.refuse({ topic, partition }, `${options.group}: ${why}. Nothing after it is handled until it is mended or passed by hand.`),
      },
    );
    return kafka;
  }

  private async commit(topic: string, partition: number, nextOffset: bigint): Promise<void> {
    const offsets = { topics: [{ topic, partitions: [{ partition, offset: nextOffset.toString() }] }] };
    try {
      await withDeadline(this.latest!.commitOffsetsIfNecessary(offsets), DEADLINE_MS, 'Committing an offset');
    } catch (error) {
      throw toEventingError(error);
    }
  }
}
