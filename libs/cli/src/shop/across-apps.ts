import { Fault } from '../fault.js';
import type { Progress } from '../progress.js';
import type { App } from './app.js';
import { findApps } from './shop.js';

/** A healthy app answers the health check at once. One that hangs must not hold up the others' answers. */
const LIVE_MS = 3_000;

/** The parts of a call that requests to apps need. */
export interface Asking {
  readonly options: { readonly app: readonly string[] };
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

interface Across<Answer> {
  readonly found: readonly { readonly app: string; readonly answer: Answer }[];
  /** An app did not answer, so the result is incomplete. */
  readonly failed: boolean;
}

/** Asks all apps at once. Reports silent apps on stderr; throws a Fault when no app answers. */
export async function acrossApps<Answer>(
  { options, env, progress, signal }: Asking,
  ask: (app: App) => Promise<Answer>,
): Promise<Across<Answer>> {
  const apps = findApps(options.app, env);
  const askAlive = async (app: App) => {
    // Any answer will do: an app without our platform may not have this route.
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
