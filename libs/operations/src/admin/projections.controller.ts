import { CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { GenerationNotFound, Projections } from '@nestbox/projections';
import type { Generation, GenerationState, ListedProjection } from '@nestbox/projections';
import { Body, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Act, act } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import { Needs, signed } from './rights.js';

const ProjectionId = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, 'An id reads <context>.<verb-thing>');
const GenerationId = z.coerce.number().int().min(1).max(2_000_000_000);
const share = z.number().gt(0).max(1).optional().meta({ description: 'Share of the time to use while live events arrive. Default 0.5' });

const RebuildRequest = z.strictObject({ ...act, share, acceptParked: z.boolean().optional() });
type RebuildRequest = z.output<typeof RebuildRequest>;

const edge = z.string().min(1).max(50).optional().meta({ description: 'A time (ISO 8601) or an offset' });
const ReplayRequest = z.strictObject({ ...act, share, from: edge, to: edge, dryRun: z.boolean().default(false) });
type ReplayRequest = z.output<typeof ReplayRequest>;

/** `Projections` over HTTP. */
@AdminController('projections')
export class AdminProjectionsController {
  constructor(@Inject(Projections) private readonly projections: Projections) {}

  @Get()
  @Needs('projections.read')
  list(): Promise<ListedProjection[]> {
    return this.projections.list();
  }

  @Get('generations/:generation')
  @Needs('projections.read')
  async state(@Param('generation', { schema: GenerationId }) id: number): Promise<GenerationState> {
    const state = await this.projections.state(id);
    if (!state) throw new GenerationNotFound(id, 'has ever been');
    return state;
  }

  /** Answers at once; the rebuild runs in the background. */
  @Post(':projection/rebuild')
  @HttpCode(202)
  @Needs('projections.rebuild')
  rebuild(
    @Param('projection', { schema: ProjectionId }) id: string,
    @Body({ schema: RebuildRequest }) { share: part, acceptParked, ...by }: RebuildRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<Generation> {
    return this.projections.rebuild(id, { share: part, acceptParked, ...signed(by, caller) });
  }

  /** Like `rebuild`. `dryRun` only returns how many records it would read. */
  @Post(':projection/replay')
  @HttpCode(202)
  @Needs('projections.replay')
  async replay(
    @Param('projection', { schema: ProjectionId }) id: string,
    @Body({ schema: ReplayRequest }) { dryRun, from, to, share: part, ...by }: ReplayRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<{ records: number } | Generation> {
    if (dryRun) return { records: await this.projections.measureReplay(id, { from, to }) };
    return this.projections.replay(id, { from, to, share: part, ...signed(by, caller) });
  }

  @Post('generations/:generation/cancel')
  @HttpCode(204)
  @Needs('projections.rebuild')
  cancel(
    @Param('generation', { schema: GenerationId }) id: number,
    @Body({ schema: Act }) by: Act,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.projections.cancel(id, signed(by, caller));
  }

  @Delete('generations/:generation')
  @HttpCode(204)
  @Needs('projections.drop')
  drop(
    @Param('generation', { schema: GenerationId }) id: number,
    @Body({ schema: Act }) by: Act,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.projections.drop(id, signed(by, caller));
  }
}
