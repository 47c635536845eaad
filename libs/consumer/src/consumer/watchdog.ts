import { Broker, describeFailure, EVENTING_OPTIONS } from '@nestbox/messaging';
import type { PartitionState, TopicPartition } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ConsumerModuleOptions } from '../consumer.options.js';
import { ConsumerMetrics } from '../metrics/consumer-metrics.js';
import type { ConsumedGroup } from './consumed-group.js';

const PATIENCE_MS = 120_000;

/**
 * Finds a group that does not move although it has a lag, no handler is busy, and the broker answers: its client has died
 * silently, or its members have joined and have left partitions to nobody. The client is replaced. If the new client does not move either, the process ends, and its supervisor starts
 * another. Until then the app is not ready.
 */
@Injectable()
export class Watchdog {
  private readonly logger = new Logger('Watchdog');
  private readonly patienceMs: number;
  private readonly rebuiltAt = new Map<string, number>();
  private readonly faults = new Map<string, string>();
  private brokerAwayAt = -Infinity;

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: ConsumerModuleOptions,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
  ) {
    this.patienceMs = options.consumer?.watchdogMs ?? PATIENCE_MS;
  }

  /** Undefined while every group moves, or has nothing to read. */
  problem(): string | undefined {
    return this.faults.values().next().value;
  }

  async look(group: ConsumedGroup, partitions: readonly PartitionState[]): Promise<void> {
    const late = partitions.filter(({ lag, stalledMs }) => lag > 0 && stalledMs > this.patienceMs);
    const fault = this.faultOf(group, late) ?? (late.length > 0 ? await this.neglected(group, late) : undefined);
    if (fault === undefined) {
      this.faults.delete(group.group);
      this.rebuiltAt.delete(group.group);
      return;
    }
    if (group.waitsForOperator) return;
    if ((await this.broker.problem()) !== undefined) this.brokerAwayAt = performance.now();
    // While the broker is down, the client is not at fault. After that, groups need time to form again.
    if (!this.isOver(this.brokerAwayAt)) return;
    this.faults.set(group.group, fault);
    const rebuiltAt = this.rebuiltAt.get(group.group);
    if (rebuiltAt === undefined) await this.rebuild(group, fault);
    else if (this.isOver(rebuiltAt)) this.giveUp(`${fault}, although its client has been replaced`);
  }

  private isOver(since: number): boolean {
    return performance.now() - since > this.patienceMs;
  }

  private faultOf(group: ConsumedGroup, late: readonly PartitionState[]): string | undefined {
    const own = namesOf(group.assigned());
    const still = late.find((state) => own.has(nameOf(state)) && !group.isBusy(state));
    if (still) return `group ${group.group} does not read ${nameOf(still)}, ${still.lag} records behind`;
    const problem = group.problem();
    return problem !== undefined && group.downMs() > this.patienceMs ? `group ${group.group} does not come back: ${problem}` : undefined;
  }

  /** A slow handler of another member is no fault of ours, but a partition that no member has is everybody's. */
  private async neglected(group: ConsumedGroup, late: readonly PartitionState[]): Promise<string | undefined> {
    const owned = await this.broker.owned(group.group).then(namesOf, () => undefined);
    const still = owned && late.find((state) => !owned.has(nameOf(state)));
    return still && `nobody in group ${group.group} reads ${nameOf(still)}, ${still.lag} records behind`;
  }

  private async rebuild(group: ConsumedGroup, fault: string): Promise<void> {
    this.logger.error(`Watchdog: ${fault}; its client is replaced.`);
    this.rebuiltAt.set(group.group, performance.now());
    this.metrics.rebuilds.inc({ group: group.group });
    await group.rebuild().catch((error: unknown) => this.giveUp(`${fault}, and ${describeFailure(error).message}`));
  }

  private giveUp(why: string): void {
    this.logger.fatal(`Watchdog: ${why}. The process ends; whatever supervises it starts another.`);
    (this.options.consumer?.giveUp ?? endProcess)(why);
  }
}

function namesOf(partitions: readonly TopicPartition[]): Set<string> {
  return new Set(partitions.map(nameOf));
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}[${partition}]`;
}

// Nothing is lost: after an exit, as after a crash, the next process repeats the unfinished work.
function endProcess(): void {
  process.exit(1);
}
