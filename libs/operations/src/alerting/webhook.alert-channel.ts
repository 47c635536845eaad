import { AlertChannel, headline } from './alert.js';
import type { AlertNotice } from './alert.js';

const DEADLINE_MS = 10_000;

/** POSTs the notice as JSON, with a one-line `text` for chat tools. */
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

/** Rejects unless the answer is a success within 10 s. The error never contains the URL, which may hold a secret. */
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
