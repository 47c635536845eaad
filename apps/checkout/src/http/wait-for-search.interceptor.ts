import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { CheckoutSettings } from '../checkout.settings.js';

const LIMIT_MS = 2_000;

/**
 * `?wait=search` delays the response until search has indexed the order, at most 2 s; `Nestbox-Stale` tells whether it has.
 * Search is asked after the commit: its failure does not affect the order.
 */
@Injectable()
export class WaitForSearch implements NestInterceptor {
  constructor(private readonly settings: CheckoutSettings) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    if (http.getRequest<Request>().query.wait !== 'search') return next.handle();
    const response = http.getResponse<Response>();
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const position = response.getHeader('Nestbox-Position');
        response.setHeader('Nestbox-Stale', String(!(typeof position === 'string' && (await this.hasIndexed(position)))));
        return answer;
      }),
    );
  }

  private async hasIndexed(position: string): Promise<boolean> {
    const url = `${this.settings.searchUrl}/positions?after=${encodeURIComponent(position)}`;
    const headers = { prefer: `wait=${LIMIT_MS / 1000}` };
    try {
      const { status } = await fetch(url, { headers, signal: AbortSignal.timeout(LIMIT_MS + 500) });
      return status === 200;
    } catch {
      return false;
    }
  }
}
