/**
 * PORT: is told which events a handler has claimed, after the commit and in the process of the claim. It must not throw,
 * and nothing waits for it.
 */
export type ClaimListener = (handlerId: string, eventIds: readonly string[]) => void;
