import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { CheckoutSettings } from '../checkout.settings.js';

const LIMIT_MS = 2_000;

/**
 * `?wait=search`: the answer leaves once search has indexed what was written, or after 2 s; `Nestbox-Stale` says which.
 * It asks after the commit, and whatever search answers: the order stands.
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
