import { withinMs } from '@nestbox/kernel';

/** A check's own answer, or a line saying that it failed or took too long. */
export async function problemOf(ms: number, name: string, check: () => Promise<string | undefined>): Promise<string | undefined> {
  const answer = () => check().catch((error: unknown) => `${name}: ${nameOf(error)}`);
  return withinMs(ms, answer, () => `${name}: no answer within ${ms} ms`);
}

/** The message of a driver may name hosts and users, so only its code goes out. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return `failed (${String(code ?? name ?? 'unknown')})`;
}
