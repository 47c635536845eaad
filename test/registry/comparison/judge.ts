import { incompatibilities, requireValid } from '@nestbox/schema';
import type { Pair } from './pairs.js';

const SIDE_BY_SIDE = 8;
const TYPE = 'application/vnd.schemaregistry.v1+json';

/** What is said of a change: compatible, incompatible, or (of either schema) that it is none. */
export type Verdict = 'compatible' | 'incompatible' | 'refused';

/** Our own, without a registry around it. */
export function judge({ format, from, to }: Pair): Verdict {
  const [old, proposed] = [{ format, text: from }, { format, text: to }];
  try {
    requireValid(old);
    requireValid(proposed);
    return incompatibilities(proposed, [old], 'BACKWARD').length === 0 ? 'compatible' : 'incompatible';
  } catch {
    return 'refused';
  }
}

/** A registry that speaks Confluent's REST API, asked what it makes of changes under BACKWARD. */
export class Judge {
  constructor(
    private readonly url: string,
    private readonly authorization: Record<string, string> = {},
  ) {}

  /** In the order of the pairs. */
  async judgeAll(pairs: readonly Pair[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    await this.ask('PUT', '/config', { compatibility: 'BACKWARD' });
    let next = 0;
    const work = async () => {
      for (let n = next++; n < pairs.length; n = next++) verdicts[n] = await this.judge(`pair-${n}`, pairs[n]!);
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    return verdicts;
  }

  private async judge(subject: string, { format: schemaType, from, to }: Pair): Promise<Verdict> {
    const first = await this.ask('POST', `/subjects/${subject}/versions`, { schemaType, schema: from });
    const check = await this.ask('POST', `/compatibility/subjects/${subject}/versions/latest`, { schemaType, schema: to });
    if (first.status === 422 || check.status === 422) return 'refused';
    if (first.status !== 200 || check.status !== 200) throw new Error(`${subject}: ${first.text} ${check.text}`);
    const { is_compatible: isCompatible } = JSON.parse(check.text) as { is_compatible: boolean };
    return isCompatible ? 'compatible' : 'incompatible';
  }

  private async ask(method: string, path: string, body: object): Promise<{ status: number; text: string }> {
    const headers = { 'content-type': TYPE, ...this.authorization };
    const response = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  }
}
