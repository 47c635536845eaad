import { UnitOfWork } from '@nestbox/database';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { Inbox } from '../inbox/inbox.js';
import { failCall, reachHandler, withinDeadline } from './handler-call.js';
import type { EventContext } from './handler-call.js';

/**
 * Innermost around every reaction: claims (handler id, event id) and runs the handler in one transaction. Skips an event
 * that was claimed before. A redriven event was claimed when it was parked.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly inbox: Inbox,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    reachHandler();
    const context = execution.switchToRpc().getContext<EventContext>();
    const handled = this.unitOfWork.run(async () => {
      if (!context.claimed && !(await this.claim(context))) return;
      await withinDeadline([context.handler.deadlineMs], () => lastValueFrom(next.handle(), { defaultValue: undefined }));
    });
    return from(handled.catch(failCall));
  }

  private async claim({ handler, messages }: EventContext): Promise<boolean> {
    const ids = messages.map(({ eventId }) => eventId);
    const keys = handler.ordered === false ? [] : messages.map(({ key }) => key);
    return (await this.inbox.claim(handler.id, ids, keys)).size > 0;
  }
}
