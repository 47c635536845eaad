import { SpanKind } from '@opentelemetry/api';
import { formatTraceparent } from '@nestbox/kernel';
import { attribute, inSpan, isTracing, placeOf } from '@nestbox/telemetry';
import { CardGateway, GatewayUnclear } from '../domain/card-gateway.js';
import type { Charge, ChargeOutcome, Refund } from '../domain/card-gateway.js';

const DEADLINE_MS = 5_000;

export interface ProviderAccess {
  /** `POST <url>/charges` and `POST <url>/refunds` are asked. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly secret?: string;
}

/**
 * A provider over HTTP, with an `Idempotency-Key` per charge and refund: 2xx is done, 402 declined with `reason`, and 404
 * for a refund means that there is no such charge. Everything else, silence too, leaves it unclear.
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
    const address = `${url.replace(/\/+$/, '')}/${path}`;
    const attributes = { [attribute.httpMethod]: 'POST', [attribute.urlFull]: plain(address), [attribute.serverAddress]: new URL(url).hostname };
    return inSpan('POST', { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const trace: Record<string, string> = isTracing() ? { traceparent: formatTraceparent(placeOf(span)) } : {};
      try {
        const response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key, ...authorization, ...trace },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(DEADLINE_MS),
        });
        span.setAttribute(attribute.httpStatus, response.status);
        return { status: response.status, body: await response.json().catch(() => undefined) };
      } catch (cause) {
        throw new GatewayUnclear('the provider did not answer', { cause });
      }
    });
  }
}

/** Without the name and password that it may hold. */
function plain(address: string): string {
  const url = new URL(address);
  return url.origin + url.pathname;
}

function reasonIn(body: unknown): string {
  const { reason } = (body ?? {}) as { reason?: unknown };
  return typeof reason === 'string' && reason !== '' ? reason.slice(0, 200) : 'declined';
}
