import { setTimeout as pause } from 'node:timers/promises';

/** A check's own answer, or a line saying that it failed or took too long. */
export async function within(ms: number, name: string, check: () => Promise<string | undefined>): Promise<string | undefined> {
  const patience = new AbortController();
  const tooLate = pause(ms, `${name}: no answer within ${ms} ms`, { signal: patience.signal });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([check().catch((error: unknown) => `${name}: ${nameOf(error)}`), tooLate]);
  } finally {
    patience.abort();
  }
}

/** The message of a driver may name hosts and users, so only its code goes out. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return `failed (${String(code ?? name ?? 'unknown')})`;
}
