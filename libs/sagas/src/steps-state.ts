import { backOff } from '@nestbox/kernel';

/** What is known of a step; nothing while it has not been asked for. */
export type StepMark = 'asked' | 'done' | 'refused' | 'undone';

/** By names, not numbers: a step that is added later does not move those of running sagas. */
export interface StepsState<Facts> {
  readonly facts: Facts;
  readonly marks: Readonly<Record<string, StepMark>>;
  /** The step whose answer, or whose undoing, is waited for. */
  readonly at: string;
  readonly direction: 'forward' | 'back';
  /** How often that has been asked for. */
  readonly tries: number;
  /** Why it goes back. */
  readonly reason?: string;
  /** Somebody wanted it taken back: it ends cancelled, not compensated. */
  readonly cancelledBy?: boolean;
}

/** Tries of one command that must be answered, before a person is called. */
export const MOST_TRIES = 10;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

/** 5 s, doubling to 5 min. */
export function waitAfter(tries: number): number {
  return backOff(tries - 1, { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS });
}
