import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from } from 'rxjs';
import type { Observable } from 'rxjs';
import { CommittedAnswers } from './committed-answers.js';

/**
 * Runs a controller's method in a unit of work (or joins the running one). State and events are committed before the answer is
 * sent; nothing is when the method throws. `Nestbox-Position` names the events, so a reader can wait for them.
 */
@Injectable()
export class OutboxInterceptor extends CommittedAnswers implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.answer(context.switchToHttp().getResponse(), () => this.perform(next)));
  }
}
