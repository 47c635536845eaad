import { Fault } from '../fault.js';
import type { Progress } from '../progress.js';
import type { App } from './app.js';
import { findApps } from './shop.js';

interface Across<Answer> {
  readonly found: readonly { readonly app: string; readonly answer: Answer }[];
  /** Some app did not answer: what was found is not all. */
  readonly failed: boolean;
}

/** Asks all apps at once. One that does not answer is told of on stderr; when none does, that is the fault. */
export async function acrossApps<Answer>(
  chosen: readonly string[],
  env: NodeJS.ProcessEnv,
  progress: Progress,
  ask: (app: App) => Promise<Answer>,
): Promise<Across<Answer>> {
  const apps = findApps(chosen, env);
  const ends = await Promise.allSettled(apps.map(ask));
  const found = ends.flatMap((end, n) =>
    end.status === 'fulfilled' ? [{ app: apps[n]!.name, answer: end.value }] : [],
  );
  const faults = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const bug = faults.find((fault) => !(fault instanceof Fault));
  if (bug !== undefined || found.length === 0) throw bug ?? faults[0];
  for (const fault of faults) progress.note((fault as Fault).message);
  return { found, failed: faults.length > 0 };
}
