import { MOST_IN_POSITION, parsePosition } from '@nestbox/messaging';
import type { Position } from '@nestbox/messaging';
import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { parsePrefer } from './prefer.js';
import { LONGEST_WAIT_MS, ProjectionWaits } from './projection-waits.js';
import type { WaitOutcome } from './projection-waits.js';
import type { Waitable } from './waitable.js';

export const ANSWERS_FROM = Symbol('nestbox.answers-from');
export const DEFAULT_WAIT_MS = 2_000;

/** What Express gives that this needs. */
interface Request {
  header(name: string): string | undefined;
}
interface Response {
  status(code: number): Response;
  setHeader(name: string, value: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** Holds a read back until the projections behind it have applied what the caller has written. See AnswersFrom. */
@Injectable()
export class FreshnessInterceptor implements NestInterceptor {
  constructor(
    @Inject(ProjectionWaits) private readonly waits: ProjectionWaits,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const after = http.getRequest<Request>().header('nestbox-after');
    if (after === undefined) return next.handle();
    const handlers = this.reflector.get<readonly Waitable[]>(ANSWERS_FROM, context.getHandler());
    return from(this.answer(positionIn(after), handlers, http.getRequest(), http.getResponse(), next));
  }

  private async answer(
    position: Position,
    handlers: readonly Waitable[],
    request: Request,
    response: Response,
    next: CallHandler,
  ): Promise<unknown> {
    const { waitMs = DEFAULT_WAIT_MS, respondAsync } = parsePrefer(request.header('prefer'));
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const timeoutMs = Math.min(waitMs, LONGEST_WAIT_MS);
    const outcome = await this.waits.until(position, handlers, { timeoutMs, signal: gone.signal });
    response.setHeader('Nestbox-Stale', String(outcome.state !== 'applied'));
    if (outcome.state === 'applied' || !respondAsync) return lastValueFrom(next.handle(), { defaultValue: undefined });
    response.status(202).setHeader('Retry-After', '1');
    return describeWait(outcome);
  }
}

/** Throws BadRequestException when the header is no position. */
export function positionIn(header: string): Position {
  const position = parsePosition(header);
  if (position) return position;
  throw new BadRequestException(
    `Nestbox-After must be what Nestbox-Position said: up to ${MOST_IN_POSITION} of <Type>:<event id>, with commas between.`,
  );
}

/** `parked`: a person has to look at it first; waiting longer is no use. */
export function describeWait({ state, missing }: WaitOutcome) {
  return { state, missing: missing.map(({ handler, eventId }) => ({ projection: handler, eventId })) };
}
