import { createHash } from 'node:crypto';
import { BadRequestException, Injectable, UnprocessableEntityException } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from } from 'rxjs';
import type { Observable } from 'rxjs';
import { CommittedAnswers } from './committed-answers.js';
import type { Done } from './committed-answers.js';

const CLAIM = `INSERT INTO nestbox.idempotency_keys (scope, key, request_hash) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING key`;
const RECALL = 'SELECT request_hash, status, body, position FROM nestbox.idempotency_keys WHERE scope = $1 AND key = $2';
const KEEP = 'UPDATE nestbox.idempotency_keys SET status = $3, body = $4, position = $5 WHERE scope = $1 AND key = $2';

/** What Express and Fastify have in common. */
interface Request {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Where guards that authenticate put the caller. */
  readonly user?: { readonly sub?: unknown; readonly id?: unknown };
}
interface Response {
  readonly statusCode: number;
}

interface Stored {
  readonly request_hash: string;
  readonly status: number;
  readonly body: string;
  readonly position: string | null;
}

/**
 * Opens the unit of work and claims the `Idempotency-Key`, if there is one, in it. The same request again gets the stored
 * answer; the same key with another body gets 422. A failed request leaves no claim and may be repeated.
 */
@Injectable()
export class IdempotencyKeyInterceptor extends CommittedAnswers implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const request = http.getRequest<Request>();
    const key = request.headers['idempotency-key'];
    const response = http.getResponse<Response>();
    if (key === undefined) return from(this.answer(response, () => this.perform(next)));
    if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
      throw new BadRequestException('Idempotency-Key must be 1 to 128 printable characters without spaces.');
    }
    return from(this.answer(response, () => this.once(scopeOf(execution, request), key, request, response, next)));
  }

  private async once(scope: string, key: string, request: Request, response: Response, next: CallHandler): Promise<Done> {
    const hash = createHash('sha256').update(JSON.stringify(request.body ?? null)).digest('base64');
    const claimed = await this.unitOfWork.query(CLAIM, [scope, key, hash]);
    if (claimed.length === 0) return this.recall(scope, key, hash, response);
    const done = await this.perform(next);
    const kept = [response.statusCode, JSON.stringify(done.body ?? null), done.position ?? null];
    await this.unitOfWork.query(KEEP, [scope, key, ...kept]);
    return done;
  }

  private async recall(scope: string, key: string, hash: string, response: Response): Promise<Done> {
    const [stored] = await this.unitOfWork.query<Stored>(RECALL, [scope, key]);
    if (stored?.request_hash !== hash) {
      throw new UnprocessableEntityException('This Idempotency-Key was used for another request: choose a new key.');
    }
    this.http.status(response, stored.status);
    this.http.setHeader(response, 'Idempotency-Replayed', 'true');
    return { body: JSON.parse(stored.body), position: stored.position ?? undefined };
  }
}

/** What is asked of whom, by whom. Not the path: `/orders`, `/orders/` and `/Orders` are the same to a router. */
function scopeOf(execution: ExecutionContext, { params = {}, user }: Request): string {
  const route = Object.entries(params).sort(([one], [other]) => (one < other ? -1 : 1));
  const caller = user?.sub ?? user?.id ?? null;
  return `${execution.getClass().name}.${execution.getHandler().name} ${JSON.stringify([route, caller])}`;
}
