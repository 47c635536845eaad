import { withinMs } from '@nestbox/kernel';

/** The result of a check, or one line that it failed or took too long. */
export async function problemOf(ms: number, name: string, check: () => Promise<string | undefined>): Promise<string | undefined> {
  const answer = () => check().catch((error: unknown) => `${name}: ${nameOf(error)}`);
  return withinMs(ms, answer, () => `${name}: no answer within ${ms} ms`);
}

/** Only the code: a driver's message may name hosts and users. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return `failed (${String(code ?? name ?? 'unknown')})`;
}
