/**
 * Thrown by a handler that knows that trying again at once is useless. A handler declared `ordered: false` gets the
 * event again after the delay, and others of its key meanwhile; an ordered one waits in place, no longer than its
 * policy's `longestDelayMs`, because later events of the key must not overtake.
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
