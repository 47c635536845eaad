import type { BoundHandler } from '../handler/handler-registry.js';
import type { Task } from '../handler/task.js';
import type { Parking } from '../parking/parking.js';
import { insist } from '../retry/retry.js';
import type { MayGoOn } from '../retry/retry.js';
import type { KeyByKey } from './key-by-key.js';

/** What one handler does with its share of a partition batch; resolves when all of it has been handled or parked. */
export type Lane = (handler: BoundHandler, tasks: readonly Task[], mayGoOn: MayGoOn) => Promise<void>;

/** Reactions: a transaction per event; keys side by side, each key in order. */
export function reactionLane(parking: Parking, keyByKey: KeyByKey): Lane {
  return async (handler, tasks, mayGoOn) => {
    const open = await insist('Parking', () => parking.setAside(handler, tasks), mayGoOn);
    await keyByKey.run(handler, open, ({ method, message }) => method.invoke([message]), mayGoOn);
  };
}
