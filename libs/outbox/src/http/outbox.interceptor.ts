import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from } from 'rxjs';
import type { Observable } from 'rxjs';
import { CommittedAnswers } from './committed-answers.js';

/**
 * Opens the unit of work around a controller's method (or joins the running one): state and events are committed before
 * the answer leaves, and nothing is when it throws. `Nestbox-Position` names the events, so that a reader can wait for them.
 */
@Injectable()
export class OutboxInterceptor extends CommittedAnswers implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.answer(context.switchToHttp().getResponse(), () => this.perform(next)));
  }
}
