import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { asAdmin } from './tokens.js';

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** What the shop has told a customer about an order. */
export interface Purchase {
  readonly orderId: string;
  readonly eventId: string;
  readonly totalCents: number;
  readonly email: string;
  readonly userId: string;
  readonly lines: readonly Line[];
}

/** What a customer may say about an order besides what is in it. */
export interface Choice {
  readonly cardToken?: string;
  readonly region?: string;
  readonly userId?: string;
  readonly email?: string;
}

const PATIENCE_MS = 90_000;

/** Somebody who wants an answer: tries again with the same Idempotency-Key until the shop has given one. */
export class Customer {
  readonly purchases: Purchase[] = [];
  /** Tries that came to nothing: no connection, a broken one, or a 5xx. */
  failedTries = 0;
  /** Sent with everything that is asked for. It is the shop's own staff who order for them. */
  headers: Readonly<Record<string, string>> = {};
  private readonly id = `user-${randomUUID().slice(0, 8)}`;
  private count = 0;
  private timer?: NodeJS.Timeout;
  private gone = false;

  constructor(
    private readonly checkoutUrl: string,
    private readonly skus: readonly string[],
  ) {}

  async order(lines: readonly Line[], choice: Choice = {}): Promise<Purchase> {
    const wanted = { userId: this.id, email: `${randomUUID()}@example.com`, lines, ...choice };
    const { orderId, eventId, totalCents } = await this.insist<Purchase>('/orders', wanted, 201);
    const purchase: Purchase = { orderId, eventId, totalCents, ...wanted };
    this.purchases.push(purchase);
    return purchase;
  }

  /** Whether that comes in time is for the shop to say: 409 when the order has been shipped. */
  async cancel(purchase: Purchase): Promise<void> {
    await this.insist(`/orders/${purchase.orderId}/cancel`, undefined, 202, 409);
  }

  /** Orders so many a second, a fourth of them cancelled at once, until told to stop. */
  goShopping(perSecond: number): { stop(): Promise<void> } {
    const errands: Promise<void>[] = [];
    this.timer = setInterval(() => {
      const errand = this.errand(this.count++);
      // Whether it failed is asked at the end of the visit.
      errand.catch(() => undefined);
      errands.push(errand);
    }, 1_000 / perSecond);
    return {
      stop: async () => {
        clearInterval(this.timer);
        await Promise.all(errands);
      },
    };
  }

  /** The shop closes: nothing more is ordered, and nothing tried again. */
  goHome(): void {
    this.gone = true;
    clearInterval(this.timer);
  }

  async errand(n: number): Promise<void> {
    const purchase = await this.order(this.basket(n));
    if (n % 4 === 3) await this.cancel(purchase);
  }

  private basket(n: number): Line[] {
    const { skus } = this;
    const lines = Array.from({ length: 1 + (n % 3) }, (_, i) => ({ sku: skus[(n + i) % skus.length]!, quantity: 1 + (n % 2) }));
    return lines.slice(0, skus.length);
  }

  private async insist<Answer>(path: string, body: unknown, ...expected: number[]): Promise<Answer> {
    const key = randomUUID();
    for (let waitMs = 100, end = Date.now() + PATIENCE_MS; ; waitMs = Math.min(1_000, waitMs * 2)) {
      const answer = await this.ask(path, body, key).catch(() => undefined);
      if (answer && expected.includes(answer.status)) return answer.body as Answer;
      if (answer && answer.status < 500) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      if (this.gone) throw new Error(`${path} had no answer before the shop closed`);
      if (Date.now() > end) throw new Error(`${path} had no answer in ${PATIENCE_MS / 1000} s: ${JSON.stringify(answer)}`);
      this.failedTries += 1;
      await pause(waitMs);
    }
  }

  private async ask(path: string, body: unknown, key: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.checkoutUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...asAdmin, ...this.headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, body: await response.json() };
  }
}
