import { CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { Pauses } from '@nestbox/consumer';
import type { Pause } from '@nestbox/consumer';
import { RelayLeases } from '@nestbox/outbox';
import type { RelayLease } from '@nestbox/outbox';
import { Body, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { BacklogStats } from '../metrics/backlog-stats.js';
import type { Backlog } from '../metrics/backlog-stats.js';
import { Act } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import { Needs, signed } from './rights.js';

const outbox = { kind: 'outbox' } as const;

export interface OutboxStatus {
  /** At most two seconds old. */
  readonly events: Backlog['outbox'];
  readonly leases: readonly RelayLease[];
  readonly paused: Pause | null;
}

/** Backlog, relays and pause of the outbox. */
@AdminController('outbox')
export class OutboxController {
  constructor(
    @Inject(Pauses) private readonly pauses: Pauses,
    @Inject(BacklogStats) private readonly stats: BacklogStats,
    @Inject(RelayLeases) private readonly leases: RelayLeases,
  ) {}

  @Get()
  @Needs('outbox.read')
  async status(): Promise<OutboxStatus> {
    const [{ outbox: events }, leases, pauses] = await Promise.all([
      this.stats.read(),
      this.leases.list(),
      this.pauses.list(),
    ]);
    return { events, leases, paused: pauses.find(({ kind }) => kind === 'outbox') ?? null };
  }

  @Post('pause')
  @HttpCode(200)
  @Needs('outbox.pause')
  async pause(@Body({ schema: Act }) by: Act, @CurrentCaller() caller: Caller): Promise<{ changed: boolean }> {
    return { changed: await this.pauses.pause(outbox, signed(by, caller)) };
  }

  @Post('resume')
  @HttpCode(200)
  @Needs('outbox.pause')
  async resume(@Body({ schema: Act }) by: Act, @CurrentCaller() caller: Caller): Promise<{ changed: boolean }> {
    return { changed: await this.pauses.resume(outbox, signed(by, caller)) };
  }
}
