import type { Letter } from './letter.js';

/** PORT: hands letters to whoever delivers them. */
export abstract class Mailer {
  /**
   * Resolves when the letter has been taken over for delivery. Rejects with MailRefused when this letter was refused,
   * and with anything else when nothing could be handed over at all; in that case it may have been taken over all the
   * same, and the same letter is handed over again.
   */
  abstract send(letter: Letter): Promise<void>;
}

/** The mail server answers, and does not want this one letter (now, or ever). */
export class MailRefused extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'MailRefused';
  }
}
