import { CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { Sagas } from '@nestbox/sagas';
import type { SagaDetail, SagaSummary } from '@nestbox/sagas';
import { Body, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Act } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import { Needs, signed } from './rights.js';

const name = z.string().min(1).max(200);
const Name = name;

const SagasQuery = z.strictObject({
  saga: name.optional(),
  status: z.enum(['running', 'completed', 'compensating', 'compensated', 'stuck', 'cancelled']).optional(),
  after: name.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
type SagasQuery = z.output<typeof SagasQuery>;

/** `Sagas` over HTTP, without their state, which may hold personal data. */
@AdminController('sagas')
export class AdminSagasController {
  constructor(@Inject(Sagas) private readonly sagas: Sagas) {}

  @Get()
  @Needs('sagas.read')
  list(@Query({ schema: SagasQuery }) query: SagasQuery): Promise<readonly SagaSummary[]> {
    return this.sagas.list(query);
  }

  /** All sagas of this app with this id. */
  @Get(':id')
  @Needs('sagas.read')
  async get(@Param('id', { schema: Name }) id: string): Promise<Omit<SagaDetail, 'state'>[]> {
    const found = await this.sagas.of(id);
    return found.map(({ state: _state, ...shown }) => shown);
  }

  @Post(':saga/:id/retry')
  @HttpCode(200)
  @Needs('sagas.retry')
  async retry(
    @Param('saga', { schema: Name }) saga: string,
    @Param('id', { schema: Name }) id: string,
    @Body({ schema: Act }) by: Act,
    @CurrentCaller() caller: Caller,
  ): Promise<{ saga: string; id: string }> {
    await this.sagas.retry(saga, id, signed(by, caller));
    return { saga, id };
  }

  @Post(':saga/:id/cancel')
  @HttpCode(200)
  @Needs('sagas.cancel')
  async cancel(
    @Param('saga', { schema: Name }) saga: string,
    @Param('id', { schema: Name }) id: string,
    @Body({ schema: Act }) by: Act,
    @CurrentCaller() caller: Caller,
  ): Promise<{ saga: string; id: string }> {
    await this.sagas.cancel(saga, id, signed(by, caller));
    return { saga, id };
  }
}
