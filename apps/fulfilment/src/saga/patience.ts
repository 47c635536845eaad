/** How long the story waits for an answer: long enough for a restart, short enough for a customer who is waiting. */
export const ANSWER_WITHIN_MS = 120_000;
/** Everything that can be waited for and tried again, together; after this a person has to look. */
export const LIFETIME_MS = 86_400_000;
