import type { Letter } from './letter.js';

/** PORT: sends mails. */
export abstract class Mailer {
  /**
   * Resolves when the server has accepted the mail for delivery. Rejects with MailRefused when it refused this mail. Any other
   * error leaves the outcome open: the mail may have been accepted, and is sent again.
   */
  abstract send(letter: Letter): Promise<void>;
}

/** The mail server refused this mail, temporarily or for good. */
export class MailRefused extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'MailRefused';
  }
}
