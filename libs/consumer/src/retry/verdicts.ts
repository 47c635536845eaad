/**
 * Thrown by a handler that knows that trying again at once is useless: it gets the event again after the delay (at most
 * a day), as often as it asks. Meanwhile later events of the key wait behind it, unless the handler is declared
 * `ordered: false`; those of other keys never do.
 */
export class RetryLater extends Error {
  constructor(
    readonly delayMs: number,
    message = 'The handler asked for another try later.',
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'RetryLater';
  }
}

/** Thrown by a handler that will never be able to handle this event: it is parked without another try. */
export class Unprocessable extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'Unprocessable';
  }
}
