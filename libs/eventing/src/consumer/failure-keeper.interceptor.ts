import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { catchError } from 'rxjs';
import type { Observable } from 'rxjs';
import type { EventContext } from './event-context.js';

/**
 * Innermost around every projection: notes the error as it was thrown, so that no exception filter further out can turn
 * a failure into an acknowledgement. Its claim is made for its whole batch by the lane.
 */
@Injectable()
export class FailureKeeper implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        execution.switchToRpc().getContext<EventContext>().failure = error;
        throw error;
      }),
    );
  }
}
