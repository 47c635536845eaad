import type { Pair } from './pairs.js';

const SIDE_BY_SIDE = 8;
const TYPE = 'application/vnd.schemaregistry.v1+json';

/** What a registry says of a change: compatible or not, or why it would not say. */
export type Verdict = 'compatible' | 'incompatible' | `refused: ${string}`;

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
    if (first.status !== 200) return `refused: ${String(first.body.error_code ?? first.status)} for the first`;
    const check = await this.ask('POST', `/compatibility/subjects/${subject}/versions/latest`, { schemaType, schema: to });
    if (check.status !== 200) return `refused: ${String(check.body.error_code ?? check.status)}`;
    return check.body.is_compatible ? 'compatible' : 'incompatible';
  }

  private async ask(method: string, path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const headers = { 'content-type': TYPE, ...this.authorization };
    const response = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }
}
