import { MOST_IN_POSITION, parsePosition } from '@nestbox/messaging';
import type { Position } from '@nestbox/messaging';
import { applyDecorators, BadRequestException, Inject, Injectable, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor, Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { parsePrefer } from './prefer.js';
import { LONGEST_WAIT_MS, ProjectionWaits, waitablesIn } from './projection-waits.js';
import type { Waitable, WaitOutcome } from './projection-waits.js';

const ANSWERS_FROM = Symbol('nestbox.answers-from');
export const DEFAULT_WAIT_MS = 2_000;

/** The parts of Express that are used here. */
interface Request {
  header(name: string): string | undefined;
}
interface Response {
  status(code: number): Response;
  setHeader(name: string, value: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** Delays a read until the projections behind it have applied the caller's own events. See AnswersFrom. */
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

/**
 * For a route that reads the tables of these projections. A request with `Nestbox-After` is answered once they have
 * applied those events, and carries `Nestbox-Stale: false`. `Prefer: wait=2` limits the wait (seconds; default 2, at most
 * 30). After that the current answer is sent with `Nestbox-Stale: true`, or 202 for `Prefer: respond-async`.
 */
export function AnswersFrom(...projections: Type[]): MethodDecorator {
  return applyDecorators(SetMetadata(ANSWERS_FROM, projections.flatMap(waitablesIn)), UseInterceptors(FreshnessInterceptor));
}

/** Parses a position. Throws BadRequestException when the text is not one. */
export function positionIn(header: string): Position {
  const position = parsePosition(header);
  if (position) return position;
  throw new BadRequestException(
    `Nestbox-After must be a value of Nestbox-Position: up to ${MOST_IN_POSITION} entries <Type>:<event id>, separated by commas.`,
  );
}

/** The answer for a caller that waits. `parked`: a person has to act first, so waiting longer does not help. */
export function describeWait({ state, missing }: WaitOutcome) {
  return { state, missing: missing.map(({ handler, eventId }) => ({ projection: handler, eventId })) };
}
