import { Fault } from '../fault.js';
import type { Progress } from '../progress.js';
import type { App } from './app.js';
import { findApps } from './shop.js';

/** To say that it is alive takes an app no time: one that stands still must not keep what the others know. */
const LIVE_MS = 3_000;

/** What a call has that all its apps are asked by. */
export interface Asking {
  readonly options: { readonly app: readonly string[] };
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

interface Across<Answer> {
  readonly found: readonly { readonly app: string; readonly answer: Answer }[];
  /** Some app did not answer: what was found is not all. */
  readonly failed: boolean;
}

/** Asks all apps at once. One that does not answer is told of on stderr; when none does, that is the fault. */
export async function acrossApps<Answer>(
  { options, env, progress, signal }: Asking,
  ask: (app: App) => Promise<Answer>,
): Promise<Across<Answer>> {
  const apps = findApps(options.app, env);
  const askAlive = async (app: App) => {
    // Whatever it says: an app that was not made with our platform may not know this door.
    await app.send('/health/live', { signal, patienceMs: LIVE_MS });
    return ask(app);
  };
  const ends = await Promise.allSettled(apps.map(askAlive));
  const found = ends.flatMap((end, n) =>
    end.status === 'fulfilled' ? [{ app: apps[n]!.name, answer: end.value }] : [],
  );
  const faults = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const bug = faults.find((fault) => !(fault instanceof Fault));
  if (bug !== undefined || found.length === 0) throw bug ?? faults[0];
  for (const fault of faults) progress.note((fault as Fault).message);
  return { found, failed: faults.length > 0 };
}
