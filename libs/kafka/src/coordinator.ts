import { setTimeout as pause } from 'node:timers/promises';
import { backOff } from '@nestbox/kernel';
import { kafkaErrorType } from './kafka.error.js';

/** The group's coordinator is being chosen, or has not read what it has to know yet. */
const COMING = new Set(['GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS', 'NOT_COORDINATOR_FOR_GROUP']);
const PATIENCE_MS = 10_000;

export function isCoordinatorComing(error: unknown): boolean {
  return COMING.has(kafkaErrorType(error) ?? '');
}

/** Asks again while a coordinator is on its way, as on a new cluster: kafkajs takes that for an answer. */
export async function onceCoordinated<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!isCoordinatorComing(error) || performance.now() > end) throw error;
      await pause(backOff(tries));
    }
  }
}
