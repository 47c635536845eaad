/** How long the saga waits for an answer: long enough for a restart, short enough for a waiting customer. */
export const ANSWER_WITHIN_MS = 120_000;
/** Longer than all waits and retries together; after it a person has to look. */
export const LIFETIME_MS = 86_400_000;
