import { setTimeout as pause } from 'node:timers/promises';
import { BoundHandlers, Inbox } from '@nestbox/consumer';
import type { BoundState } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { Broker, readState, RecordReader } from '@nestbox/messaging';
import type { PartitionBatch, PartitionBounds } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inboxNameOf, Generations } from './generations.js';
import type { Generation, RebuildableProjection } from './generations.js';
import { isRebuildable, ProjectionRuns } from './projection-runs.js';

const LOOK_MS = 100;

export type FromStates = RebuildableProjection & { readonly state: BoundState };

export interface BootstrapOptions {
  readonly group: string;
  /** Undefined for the live tables. */
  readonly generation?: Generation;
  readonly mayGoOn: () => boolean;
}

/** By topic: the first offset to read of each partition. */
type Starts = Readonly<Record<string, readonly string[]>>;

/**
 * Seeds a projection from the state topic. 1 Record the event topic's end offsets. 2 Read the states. 3 Start the group at
 * those offsets; or at the earliest ones where not every aggregate has a state. A state is on the broker before the events
 * it includes, so the states read include every event before the recorded end. Later events that a state includes are
 * skipped by version.
 */
@Injectable()
export class Bootstraps {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(ProjectionRuns) private readonly runs: ProjectionRuns,
    @Inject(RecordReader) private readonly reader: RecordReader,
    @Inject(Generations) private readonly generations: Generations,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
  ) {}

  /** Seeds all projections of a group, in the generation that gets their events. */
  async settleGroup(group: string, mayGoOn: () => boolean): Promise<void> {
    for (const handler of this.handlers.ofGroup(group).filter(isRebuildable).filter(isFromStates)) {
      const target = await this.generations.targetOf(handler);
      if (target === 'superseded') continue;
      await this.settle(handler, { group, generation: target === 'live' ? undefined : target, mayGoOn });
    }
  }

  /** Resolves when the group may start, or when `mayGoOn` returns false. The next caller continues unfinished work. */
  async settle(handler: FromStates, { group, generation, mayGoOn }: BootstrapOptions): Promise<void> {
    const inboxName = generation ? inboxNameOf(generation) : handler.id;
    const number = await this.inbox.numberOf(inboxName);
    if ((await this.begin(number, handler, group)) === 'done') return;
    const topic = handler.state.contract.topic;
    const states = `${group}.state`;
    // The current ends suffice: the states needed are already there. Under traffic the topic never ends.
    const ends = await this.broker.bounds([topic]);
    const take = async ({ records }: PartitionBatch) => {
      await this.reader.prepare(records);
      const messages = records.map((record) => readState(record, handler.state.contract, this.reader.decode));
      return this.runs.adopt(handler, messages, generation);
    };
    const subscription = await this.broker.subscribe({
      group: states,
      topics: [topic],
      handler: async (batch, control) => {
        await take(batch);
        await control.commit(String(BigInt(batch.records.at(-1)!.offset) + 1n));
      },
    });
    try {
      while (mayGoOn() && !(await this.isRead(states, ends)) && !(await this.isOver(number))) await pause(LOOK_MS);
    } finally {
      await subscription.stop();
    }
    if (!mayGoOn()) return;
    await this.seekGroup(number, group);
    await this.broker.forgetGroup(states).catch(() => undefined);
  }

  /** False while its states are being read. */
  async isDone(generation: Generation): Promise<boolean> {
    return this.isOver(await this.inbox.numberOf(inboxNameOf(generation)));
  }

  private async isOver(number: number): Promise<boolean> {
    const [row] = await this.dataSource.query('SELECT FROM nestbox.bootstraps WHERE handler = $1 AND done_at IS NOT NULL', [number]);
    return row !== undefined;
  }

  private async begin(number: number, handler: FromStates, group: string): Promise<'done' | 'open'> {
    const known = 'SELECT done_at IS NOT NULL AS done FROM nestbox.bootstraps WHERE handler = $1';
    const [before] = await this.dataSource.query<{ done: boolean }[]>(known, [number]);
    if (before) return before.done ? 'done' : 'open';
    const { of, complete } = handler.state.contract;
    const begun = (await this.broker.lag(group, [of])).some(({ committed }) => committed !== null);
    const bounds = await this.broker.bounds([of]);
    const starts: Starts = { [of]: bounds.map(({ earliest, end }) => (complete ? end : earliest)) };
    await this.dataSource.query(
      `INSERT INTO nestbox.bootstraps (handler, starts, done_at)
       VALUES ($1, $2, CASE WHEN $3 THEN now() END) ON CONFLICT DO NOTHING`,
      [number, JSON.stringify(starts), begun],
    );
    return begun ? 'done' : 'open';
  }

  private async isRead(group: string, ends: readonly PartitionBounds[]): Promise<boolean> {
    const lags = await this.broker.lag(group, [...new Set(ends.map(({ topic }) => topic))]);
    const committed = new Map(lags.map((lag) => [lag.partition, BigInt(lag.committed ?? '0')]));
    return ends.every(({ partition, earliest, end }) => earliest === end || (committed.get(partition) ?? 0n) >= BigInt(end));
  }

  /** Moves the group to its start offsets. Exactly one process does so, before any process reads the events. */
  private async seekGroup(number: number, group: string): Promise<void> {
    await this.unitOfWork.runNew(async () => {
      const open = 'SELECT starts FROM nestbox.bootstraps WHERE handler = $1 AND done_at IS NULL FOR UPDATE';
      const [row] = await this.unitOfWork.query<{ starts: Starts }>(open, [number]);
      if (!row) return;
      for (const [topic, offsets] of Object.entries(row.starts)) await this.broker.seek(group, topic, offsets);
      await this.unitOfWork.query('UPDATE nestbox.bootstraps SET done_at = now() WHERE handler = $1', [number]);
    });
  }
}

export function isFromStates(handler: RebuildableProjection): handler is FromStates {
  return handler.state !== undefined;
}
