import { AllowedTo } from '@nestbox/access';
import { BoundHandlers } from '@nestbox/consumer';
import { BadRequestException, Controller, Get, Headers, Inject, NotFoundException, Query, Res, Sse } from '@nestjs/common';
import type { MessageEvent } from '@nestjs/common';
import { Observable } from 'rxjs';
import { DEFAULT_WAIT_MS, describeWait, positionIn } from './answers-from.js';
import { parsePrefer } from './prefer.js';
import { LONGEST_WAIT_MS, ProjectionWaits } from './projection-waits.js';
import type { Waitable, WaitOutcome } from './projection-waits.js';

interface Response {
  status(code: number): Response;
}

/**
 * Answers whether this app has applied given events: in one response, or as server-sent events. An app that offers this
 * adds it to its controllers.
 */
@Controller('positions')
@AllowedTo('public')
export class PositionsController {
  constructor(
    @Inject(ProjectionWaits) private readonly waits: ProjectionWaits,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
  ) {}

  /** 200 with state `applied`, or 202 with `late` or `parked`, after at most `Prefer: wait` seconds (default 2). */
  @Get()
  async wait(
    @Query('after') after: unknown,
    @Query('projection') projection: unknown,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { waitMs = DEFAULT_WAIT_MS } = parsePrefer(prefer);
    const outcome = await this.until(after, projection, waitMs);
    if (outcome.state !== 'applied') response.status(202);
    return describeWait(outcome);
  }

  /** Sends one event, named `applied`, `late` or `parked`, within 30 s; then the stream ends. */
  @Sse('events')
  events(@Query('after') after: unknown, @Query('projection') projection: unknown): Observable<MessageEvent> {
    return new Observable((listener) => {
      const gone = new AbortController();
      this.until(after, projection, LONGEST_WAIT_MS, gone.signal).then(
        (outcome) => {
          listener.next({ type: outcome.state, data: describeWait(outcome) });
          listener.complete();
        },
        (error: unknown) => listener.error(error),
      );
      return () => gone.abort();
    });
  }

  private async until(after: unknown, projection: unknown, timeoutMs: number, signal?: AbortSignal): Promise<WaitOutcome> {
    if (typeof after !== 'string') throw new BadRequestException('after is missing: send the value of Nestbox-Position.');
    return this.waits.until(positionIn(after), this.waitables(projection), { timeoutMs, signal });
  }

  private waitables(projection: unknown): Waitable[] {
    const handlers = this.handlers.all.filter(({ id }) => projection === undefined || id === projection);
    if (handlers.length === 0) throw new NotFoundException('This app has no such projection.');
    return handlers.map(({ id, methods }) => ({ id, eventTypes: new Set(methods.keys()) }));
  }
}
