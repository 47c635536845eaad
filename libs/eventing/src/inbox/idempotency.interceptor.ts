import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import type { EventContext } from '../consumer/event-context.js';
import { Inbox } from './inbox.js';

/**
 * Innermost around every reaction: claims (handler id, event id) and runs the handler in one transaction; an event that
 * was claimed before is skipped.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = execution.switchToRpc().getContext<EventContext>();
    const handled = this.unitOfWork.run(async () => {
      const ids = context.messages.map(({ eventId }) => eventId);
      const fresh = await this.inbox.claim(context.handler.id, ids);
      if (fresh.size > 0) await lastValueFrom(next.handle(), { defaultValue: undefined });
    });
    return from(
      handled.catch((error: unknown) => {
        context.failure = error;
        throw error;
      }),
    );
  }
}
