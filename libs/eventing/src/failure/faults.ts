/**
 * PORT: the moments at which a crash would be telling. Production binds NO_FAULTS, in code and not by a setting; a
 * test's own process binds something that ends it there.
 */
export abstract class Faults {
  /** The broker has acknowledged a batch; the relay has not yet noted that. */
  abstract beforeMark(): Promise<void>;
  /** Something in a batch was for our handlers and their transactions are committed; the group's offset is not. */
  abstract beforeOffset(): Promise<void>;
}

export const NO_FAULTS: Faults = Object.freeze({
  beforeMark: async () => undefined,
  beforeOffset: async () => undefined,
});
