import { Catch, HttpException, Inject, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { currentCorrelation } from '@nestbox/kernel';
import type { Request, Response } from 'express';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { Storm } from '../logging/storm.js';
import { toProblem } from './to-problem.js';

/** Answers every failed HTTP request with application/problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');
  private readonly storm = new Storm();

  constructor(@Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): Observable<never> | void {
    // A consumer's retry policy needs the original error.
    if (host.getType() !== 'http') return throwError(() => exception);
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const { retryAfter, ...problem } = toProblem(exception);
    if (problem.status >= 500) this.report(exception, problem.status, request);
    if (response.headersSent) return this.adapter.httpAdapter.end(response);
    if (retryAfter) response.setHeader('Retry-After', String(retryAfter));
    const { correlationId, traceId } = currentCorrelation() ?? {};
    const instance = request.originalUrl.split('?')[0]?.slice(0, 500);
    response.status(problem.status).type('application/problem+json');
    response.send(JSON.stringify({ ...problem, instance, correlationId, traceId }));
  }

  /** Logs only unexpected failures; of many equal ones only the first. */
  private report(exception: unknown, status: number, request: Request): void {
    if (exception instanceof HttpException) return;
    const { message, stack } = exception instanceof Error ? exception : new Error('something that is no Error was thrown');
    const held = this.storm.admit(`${status} ${message}`);
    if (held === undefined) return;
    const more = held > 0 ? ` (and ${held} more like it)` : '';
    this.logger.error(`${request.method} ${request.path.slice(0, 200)} answered ${status}: ${message}${more}`, stack);
  }
}
