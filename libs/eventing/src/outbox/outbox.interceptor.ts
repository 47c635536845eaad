import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';

/**
 * Opens the unit of work around a controller's method (or joins the running one): state and events are committed before
 * the answer leaves, and nothing is when it throws.
 */
@Injectable()
export class OutboxInterceptor implements NestInterceptor {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.unitOfWork.run(() => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}
