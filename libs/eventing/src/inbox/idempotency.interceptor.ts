import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { catchError, from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import type { EventContext } from '../consumer/event-context.js';
import { Inbox } from './inbox.js';

/**
 * Innermost around every event handler: claims (handler id, event id) and runs the handler in one transaction; an event
 * that was claimed before is skipped. Inside a batch whose claims are made, it only joins.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = execution.switchToRpc().getContext<EventContext>();
    // The claimed case is the hot one, hundreds of times per batch: no promise of its own.
    const handled = context.claimed ? next.handle() : from(this.claimAndHandle(context, next));
    return handled.pipe(
      catchError((error: unknown) => {
        context.failure = error;
        throw error;
      }),
    );
  }

  private claimAndHandle(context: EventContext, next: CallHandler): Promise<void> {
    const ids = context.messages.map(({ eventId }) => eventId);
    return this.unitOfWork.run(async () => {
      const fresh = await this.inbox.claim(context.handler.id, ids);
      if (fresh.size > 0) await lastValueFrom(next.handle(), { defaultValue: undefined });
    });
  }
}
