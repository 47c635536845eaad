import { SpanKind } from '@opentelemetry/api';
import { formatTraceparent } from '@nestbox/kernel';
import { attribute, failSpan, inSpan, isTracing, placeOf } from '@nestbox/telemetry';
import { CardGateway, GatewayUnclear } from '../domain/card-gateway.js';
import type { Charge, ChargeOutcome, Refund } from '../domain/card-gateway.js';

const DEADLINE_MS = 5_000;

export interface ProviderAccess {
  /** Base URL of `POST <url>/charges` and `POST <url>/refunds`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly secret?: string;
}

/**
 * A provider over HTTP, with an `Idempotency-Key` per charge and refund. 2xx: done. 402: declined, with `reason`. 404 for a
 * refund: no such charge. Anything else, including no answer, leaves the outcome unknown.
 */
export class HttpCardGateway extends CardGateway {
  constructor(private readonly access: ProviderAccess) {
    super();
  }

  override async charge({ key, cardToken, amountCents }: Charge): Promise<ChargeOutcome> {
    const { status, body } = await this.ask('charges', key, { cardToken, amountCents });
    if (status === 402) return { kind: 'declined', reason: reasonIn(body) };
    if (status < 200 || status > 299) throw new GatewayUnclear(`the provider answered ${status}`);
    return { kind: 'charged' };
  }

  override async refund({ key, chargeKey }: Refund): Promise<void> {
    const { status } = await this.ask('refunds', key, { chargeKey });
    if (status !== 404 && (status < 200 || status > 299)) throw new GatewayUnclear(`the provider answered ${status}`);
  }

  private async ask(path: string, key: string, body: object): Promise<{ status: number; body: unknown }> {
    const { url, secret } = this.access;
    const authorization: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    const address = new URL(`${url.replace(/\/+$/, '')}/${path}`);
    return inSpan('POST', { kind: SpanKind.CLIENT, attributes: attributesOf(address) }, async (span) => {
      const trace: Record<string, string> = isTracing() ? { traceparent: formatTraceparent(placeOf(span)) } : {};
      try {
        const response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key, ...authorization, ...trace },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(DEADLINE_MS),
        });
        span.setAttribute(attribute.httpStatus, response.status);
        if (isUnclear(response.status)) failSpan(span, { code: String(response.status) });
        return { status: response.status, body: await response.json().catch(() => undefined) };
      } catch (cause) {
        throw new GatewayUnclear('the provider did not answer', { cause });
      }
    });
  }
}

/** True for every status without a defined meaning. */
function isUnclear(status: number): boolean {
  return (status < 200 || status > 299) && status !== 402 && status !== 404;
}

/** Without the user name and password that the URL may contain. */
function attributesOf({ origin, pathname, hostname, port, protocol }: URL) {
  return {
    [attribute.httpMethod]: 'POST',
    [attribute.urlFull]: origin + pathname,
    [attribute.serverAddress]: hostname,
    [attribute.serverPort]: Number(port) || (protocol === 'http:' ? 80 : 443),
  };
}

function reasonIn(body: unknown): string {
  const { reason } = (body ?? {}) as { reason?: unknown };
  return typeof reason === 'string' && reason !== '' ? reason.slice(0, 200) : 'declined';
}
