/**
 * PORT: the moments at which a crash must do no harm. Production always binds NO_CRASHES; no setting changes that. Crash tests
 * bind a class that ends the process there.
 */
export abstract class CrashPoints {
  /** The broker has acknowledged a batch; the relay has not stored that yet. */
  abstract beforeMark(): Promise<void>;
  /** The handlers' transactions of a batch are committed; the group's offset is not. */
  abstract beforeOffset(): Promise<void>;
  /** Dead letters and claims of parked events are written, not committed. */
  abstract beforeParked(handler: string): Promise<void>;
  /** Dead letters and claims are committed; nothing else is done. */
  abstract afterParked(handler: string): Promise<void>;
  /** A redriven event is handled and its dead letter closed, not committed. */
  abstract beforeRedriven(handler: string): Promise<void>;
  /** That is committed; the next dead letter of the key is untouched. */
  abstract afterRedriven(handler: string): Promise<void>;
  /** A generation is completely built; the live one is untouched. */
  abstract beforeSwap(): Promise<void>;
  /** The new generation is live; nothing else is done. */
  abstract afterSwap(): Promise<void>;
}

const nothing = async () => undefined;

export const NO_CRASHES = Object.freeze({
  beforeMark: nothing,
  beforeOffset: nothing,
  beforeParked: nothing,
  afterParked: nothing,
  beforeRedriven: nothing,
  afterRedriven: nothing,
  beforeSwap: nothing,
  afterSwap: nothing,
}) satisfies CrashPoints;
