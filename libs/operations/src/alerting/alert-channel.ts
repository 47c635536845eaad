import type { AlertNotice } from './alert.js';

/**
 * PORT: a way to reach somebody. Adapters: the log, a webhook, mail. `send` resolves when the notice has been taken over
 * by whoever carries it on, and rejects otherwise: it is tried again. A notice may come twice if a process dies meanwhile.
 */
export abstract class AlertChannel {
  /** Notices wait under this name; it never changes. */
  abstract readonly name: string;
  abstract send(notice: AlertNotice): Promise<void>;
  abstract close(): Promise<void>;
}

/** `RAISED key-parked in email: …` */
export function headline({ what, rule, context, summary }: AlertNotice): string {
  return `${what.toUpperCase()} ${rule} in ${context}: ${summary}`;
}
