/**
 * PORT: the moments at which a crash would be telling. Production binds NO_CRASHES, in code and not by a setting; a
 * test's own process binds something that ends it there.
 */
export abstract class CrashPoints {
  /** The broker has acknowledged a batch; the relay has not yet noted that. */
  abstract beforeMark(): Promise<void>;
  /** Something in a batch was for our handlers and their transactions are committed; the group's offset is not. */
  abstract beforeOffset(): Promise<void>;
  /** Letters and claims of parked events have been written, and not committed. */
  abstract beforeParked(handler: string): Promise<void>;
  /** They have been committed; nothing after them has been done. */
  abstract afterParked(handler: string): Promise<void>;
  /** A redriven event has had its effect and its letter is closed; that has not been committed. */
  abstract beforeRedriven(handler: string): Promise<void>;
  /** It has been committed; the next letter of the key has not been touched. */
  abstract afterRedriven(handler: string): Promise<void>;
  /** A generation has nothing left to build; the live one has not been touched. */
  abstract beforeSwap(): Promise<void>;
  /** It is live; nothing after that has been done. */
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
