import { AlertChannel, headline } from './alert-channel.js';
import type { AlertNotice } from './alert.js';

const DEADLINE_MS = 10_000;

/** A POST of the notice as JSON. `text` is the whole of it in one line, as chat tools show it. */
export class WebhookAlertChannel extends AlertChannel {
  override readonly name = 'webhook';

  constructor(private readonly url: string) {
    super();
  }

  override async send(notice: AlertNotice): Promise<void> {
    await post(this.url, { text: headline(notice), ...notice });
  }

  override async close(): Promise<void> {}
}

/** Rejects unless it is answered with a success in time. Never names the address, which may hold a secret. */
export async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
    redirect: 'error',
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The receiver answered ${response.status}.`);
}
