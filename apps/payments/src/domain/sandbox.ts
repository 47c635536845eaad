/** How the pretended provider behaves. */
export interface SandboxBehaviour {
  /** Cards that it declines. */
  readonly declinedCards: readonly string[];
  /** It declines what is above this; null: nothing for its amount. */
  readonly declineAboveCents: number | null;
  /** How long each answer takes, in ms. */
  readonly answerAfterMs: number;
  /** The share of answers, 0 to 1, that never arrive although the money has moved. */
  readonly lostAnswers: number;
}

export const WELL_BEHAVED: SandboxBehaviour = { declinedCards: [], declineAboveCents: null, answerAfterMs: 0, lostAnswers: 0 };
