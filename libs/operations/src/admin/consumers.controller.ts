import { CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { BoundHandlers, EventConsumer, Pauses } from '@nestbox/consumer';
import type { ConsumedGroup, Pausable, Pause } from '@nestbox/consumer';
import { Broker } from '@nestbox/messaging';
import type { PartitionLag } from '@nestbox/messaging';
import { Body, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { act } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import { Needs, signed } from './rights.js';

const name = z.string().min(1).max(200);
const PauseRequest = z
  .strictObject({ ...act, group: name.optional(), handler: name.optional() })
  .refine(({ group, handler }) => (group === undefined) !== (handler === undefined), 'Give either group or handler');
type PauseRequest = z.output<typeof PauseRequest>;

export interface GroupStatus {
  readonly group: string;
  /** Why this process does not consume; null while it does. */
  readonly problem: string | null;
  readonly paused: Pause | null;
  readonly handlers: readonly { readonly id: string; readonly paused: Pause | null }[];
  /** All partitions of the group, in any process; null while the broker does not answer. */
  readonly partitions: readonly PartitionLag[] | null;
}

/** Lag, problems and pauses of this app's consumer groups. */
@AdminController('consumers')
export class ConsumersController {
  constructor(
    @Inject(EventConsumer) private readonly consumer: EventConsumer,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(Pauses) private readonly pauses: Pauses,
  ) {}

  @Get()
  @Needs('consumers.read')
  async status(): Promise<GroupStatus[]> {
    const pauses = await this.pauses.list();
    return Promise.all(this.consumer.consumed.map((group) => this.statusOf(group, pauses)));
  }

  /** Takes effect in every process of the app within a second, and survives restarts. */
  @Post('pause')
  @HttpCode(200)
  @Needs('consumers.pause')
  async pause(
    @Body({ schema: PauseRequest }) request: PauseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<{ changed: boolean }> {
    return { changed: await this.pauses.pause(meant(request), signed(request, caller)) };
  }

  @Post('resume')
  @HttpCode(200)
  @Needs('consumers.pause')
  async resume(
    @Body({ schema: PauseRequest }) request: PauseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<{ changed: boolean }> {
    return { changed: await this.pauses.resume(meant(request), signed(request, caller)) };
  }

  private async statusOf(consumed: ConsumedGroup, pauses: readonly Pause[]): Promise<GroupStatus> {
    const { group, topics } = consumed;
    const pauseOf = (kind: Pause['kind'], of: string) =>
      pauses.find((pause) => pause.kind === kind && pause.name === of) ?? null;
    const handlers = this.handlers.ofGroup(group).map(({ id }) => ({ id, paused: pauseOf('handler', id) }));
    const partitions = await this.broker.lag(group, topics).catch(() => null);
    return { group, problem: consumed.problem() ?? null, paused: pauseOf('group', group), handlers, partitions };
  }
}

function meant({ group, handler }: PauseRequest): Pausable {
  return group === undefined ? { kind: 'handler', name: handler! } : { kind: 'group', name: group };
}
