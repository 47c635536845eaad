import { UnitOfWork } from '@nestbox/database';
import { formatPosition } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { Outbox } from './outbox.js';

/** What Express gives that this needs. */
interface Response {
  setHeader(name: string, value: string): void;
}

/**
 * Opens the unit of work around a controller's method (or joins the running one): state and events are committed before
 * the answer leaves, and nothing is when it throws. `Nestbox-Position` names the events, so that a reader can wait for them.
 */
@Injectable()
export class OutboxInterceptor implements NestInterceptor {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.commit(next, context.switchToHttp().getResponse<Response>()));
  }

  private async commit(next: CallHandler, response: Response): Promise<unknown> {
    const { answer, written } = await this.unitOfWork.run(async () => {
      const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      return { answer, written: formatPosition(this.outbox.written()) };
    });
    if (written !== undefined) response.setHeader('Nestbox-Position', written);
    return answer;
  }
}
