/** Behaviour of the simulated provider. */
export interface SandboxBehaviour {
  /** Declined cards. */
  readonly declinedCards: readonly string[];
  /** Larger amounts are declined; null for no limit. */
  readonly declineAboveCents: number | null;
  /** Delay of each answer in ms. */
  readonly answerAfterMs: number;
  /** Share of answers, 0 to 1, that get lost after the money has moved. */
  readonly lostAnswers: number;
}

export const WELL_BEHAVED: SandboxBehaviour = { declinedCards: [], declineAboveCents: null, answerAfterMs: 0, lostAnswers: 0 };
