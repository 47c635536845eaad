import { Inject, Injectable, Logger } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { closed, roleMissing, tokenMissing, tokenUnknown, tooManyFailures, undeclared } from './access.errors.js';
import { ACCESS_OPTIONS } from './access.options.js';
import type { AccessOptions } from './access.options.js';
import { AUDIENCE, includes } from './audience.js';
import type { Audience } from './audience.js';
import { callerOf, rememberCaller } from './caller.js';
import type { Caller } from './caller.js';
import { CustomerTokens } from './customer-tokens.js';
import { FailedAttempts } from './failed-attempts.js';
import { isOfThisMachine, tokenOf } from './http-request.js';
import type { HttpRequest } from './http-request.js';
import { OperatorTokens } from './operator-tokens.js';

type SetHeader = (name: string, value: string) => void;

const isJwt = (token: string) => token.split('.').length === 3;

/** Lets a request in if the route's audience includes its caller. A route without `@AllowedTo` is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly logger = new Logger('Access');
  private readonly operators: OperatorTokens;
  private readonly customers?: CustomerTokens;
  private readonly failures: FailedAttempts;
  private readonly development: boolean;

  constructor(
    @Inject(ACCESS_OPTIONS) { operators = [], issuer, development = false, mostFailures = 100 }: AccessOptions,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {
    this.operators = new OperatorTokens(operators);
    if (issuer) this.customers = new CustomerTokens(issuer);
    this.development = development;
    this.failures = new FailedAttempts(mostFailures);
  }

  async canActivate(context: ExecutionContext): Promise<true> {
    // Consumers get their messages from a broker that has asked who is there.
    if (context.getType() !== 'http') return true;
    const audiences = this.reflector.getAllAndOverride<Audience[] | undefined>(AUDIENCE, [context.getHandler(), context.getClass()]);
    if (!audiences) throw undeclared();
    const http = context.switchToHttp();
    await this.admit(http.getRequest<HttpRequest>(), audiences, (name, value) =>
      this.http.httpAdapter.setHeader(http.getResponse<object>(), name, value),
    );
    return true;
  }

  /**
   * For what is no route of Nest's.
   * @throws HttpException: 401 without a known token, 403 when the caller is not in the audience, 429 after too many wrong tokens,
   *   503 while an issuer's keys cannot be had.
   */
  async admit(request: HttpRequest, audiences: readonly Audience[], setHeader: SetHeader): Promise<void> {
    const caller = callerOf(request) ?? (await this.identify(request, setHeader));
    rememberCaller(request, caller);
    if (audiences.some((audience) => this.isIn(audience, caller, request))) return;
    if (this.operators.isEmpty && !this.customers) throw closed();
    if (caller.kind === 'customer') throw roleMissing(audiences, 'customer');
    if (caller.kind === 'operator') throw roleMissing(audiences, caller.role);
    setHeader('WWW-Authenticate', 'Bearer');
    throw tokenMissing();
  }

  private isIn(audience: Audience, caller: Caller, request: HttpRequest): boolean {
    if (audience === 'public' || (audience === 'guest' && caller.kind === 'anonymous')) return true;
    if (audience === 'customer') return caller.kind === 'customer';
    if (audience === 'guest') return false;
    if (audience === 'internal') return caller.kind === 'operator' || (this.development && isOfThisMachine(request));
    if (caller.kind !== 'operator') return false;
    return audience === 'service' ? caller.role === 'service' : includes(caller.role, audience);
  }

  /** A wrong token is refused on public routes, too: whoever sends one believes to be somebody. */
  private async identify(request: HttpRequest, setHeader: SetHeader): Promise<Caller> {
    const token = tokenOf(request);
    if (token === undefined || (this.operators.isEmpty && !this.customers)) return { kind: 'anonymous' };
    const address = request.socket.remoteAddress ?? '';
    const seconds = this.failures.secondsToWait(address);
    if (seconds > 0) {
      setHeader('Retry-After', String(seconds));
      throw tooManyFailures(seconds);
    }
    const known = this.operators.find(token) ?? (isJwt(token) ? await this.customers?.find(token) : undefined);
    if (known) return known;
    // A signed token cannot be guessed, and expires: many customers behind one address may come with old ones.
    if (!isJwt(token)) this.countFailure(address);
    setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
    throw tokenUnknown();
  }

  private countFailure(address: string): void {
    const count = this.failures.add(address);
    if (Number.isInteger(Math.log2(count))) this.logger.warn(`${address} has sent ${count} unknown tokens within a minute`);
  }
}
