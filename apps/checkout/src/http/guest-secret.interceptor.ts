import { callerOf } from '@nestbox/access';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { OrderSecrets } from './order-secrets.js';

/** Adds the order's secret to what a guest is answered. Outside of the kept answers, so that it is nowhere at rest. */
@Injectable()
export class GuestSecret implements NestInterceptor {
  constructor(private readonly secrets: OrderSecrets) {}

  intercept(context: ExecutionContext, next: CallHandler<{ orderId: string }>): Observable<unknown> {
    const isGuest = callerOf(context.switchToHttp().getRequest<object>())?.kind === 'anonymous';
    return isGuest ? next.handle().pipe(map((answer) => ({ ...answer, secret: this.secrets.of(answer.orderId) }))) : next.handle();
  }
}
