import { createHash } from 'node:crypto';
import { BadRequestException, Inject, Injectable, UnprocessableEntityException } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';

const CLAIM = `INSERT INTO nestbox.idempotency_keys (scope, key, request_hash) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING key`;
const RECALL = 'SELECT request_hash, status, body FROM nestbox.idempotency_keys WHERE scope = $1 AND key = $2';
const KEEP = 'UPDATE nestbox.idempotency_keys SET status = $3, body = $4 WHERE scope = $1 AND key = $2';

/** What Express gives that this needs. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  header(name: string): string | undefined;
}
interface Response {
  statusCode: number;
  status(code: number): Response;
  setHeader(name: string, value: string): void;
}

/**
 * The HTTP sister of the idempotency interceptor: opens the unit of work, and with an `Idempotency-Key` header claims
 * the key in it. The same request again gets the stored answer; the same key with another body gets 422. A request that
 * failed left no trace and may be tried again.
 */
@Injectable()
export class IdempotencyKeyInterceptor implements NestInterceptor {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const request = http.getRequest<Request>();
    const run = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    const key = request.header('idempotency-key');
    if (key === undefined) return from(this.unitOfWork.run(run));
    if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
      throw new BadRequestException('Idempotency-Key must be 1 to 128 printable characters without spaces.');
    }
    return from(this.unitOfWork.run(() => this.once(key, request, http.getResponse<Response>(), run)));
  }

  private async once(key: string, request: Request, response: Response, run: () => Promise<unknown>): Promise<unknown> {
    const scope = `${request.method} ${request.path}`;
    const hash = createHash('sha256').update(JSON.stringify(request.body ?? null)).digest('base64');
    const claimed = await this.unitOfWork.query(CLAIM, [scope, key, hash]);
    if (claimed.length === 0) return this.recall(scope, key, hash, response);
    const answer = await run();
    await this.unitOfWork.query(KEEP, [scope, key, response.statusCode, JSON.stringify(answer ?? null)]);
    return answer;
  }

  private async recall(scope: string, key: string, hash: string, response: Response): Promise<unknown> {
    const [stored] = await this.unitOfWork.query<{ request_hash: string; status: number; body: string }>(RECALL, [scope, key]);
    if (stored?.request_hash !== hash) {
      throw new UnprocessableEntityException('This Idempotency-Key was used for another request: choose a new key.');
    }
    response.status(stored.status);
    response.setHeader('Idempotency-Replayed', 'true');
    return JSON.parse(stored.body);
  }
}
