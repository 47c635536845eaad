import { isSound } from '@nestbox/consumer';
import type { Task } from '@nestbox/consumer';
import type { UnitOfWork } from '@nestbox/database';
import type { StateMessage } from '@nestbox/messaging';

// Of two states with the same version the later one wins: an aggregate may change without an event.
const HOLD = `
  INSERT INTO nestbox.held_versions AS h (handler, key, version)
  SELECT $1::smallint, s.key, s.version FROM unnest($2::text[], $3::int[]) AS s (key, version) ORDER BY s.key
  ON CONFLICT (handler, key) DO UPDATE SET version = excluded.version WHERE h.version <= excluded.version
  RETURNING key`;

export const HELD = 'SELECT key, version FROM nestbox.held_versions WHERE handler = $1 AND key = ANY ($2::text[])';

/** Records the states that a view adopts, in the running unit of work. Returns those that are newer than what it had. */
export async function holdVersions(unitOfWork: UnitOfWork, handler: number, states: readonly StateMessage[]): Promise<StateMessage[]> {
  const last = [...new Map(states.map((state) => [state.key, state])).values()];
  const columns = [last.map(({ key }) => key), last.map(({ aggregateVersion }) => aggregateVersion)];
  const rows = await unitOfWork.query<{ key: string }>(HOLD, [handler, ...columns]);
  const taken = new Set(rows.map(({ key }) => key));
  return last.filter(({ key }) => taken.has(key));
}

/** Events that a state already includes are claimed, but not applied. */
export function passOver(tasks: readonly Task[], of: string, held: ReadonlyMap<string, number>): readonly Task[] {
  if (held.size === 0) return tasks;
  return tasks.map((task) => {
    if (task.record.topic !== of || !isSound(task)) return task;
    return task.message.aggregateVersion <= (held.get(task.key) ?? 0) ? task.passedOver() : task;
  });
}
