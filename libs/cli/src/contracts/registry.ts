import type { ContractView } from '@nestbox/schema';
import { Fault } from '../fault.js';

const PATIENCE_MS = 30_000;

export interface Published {
  readonly contract: string;
  readonly format: string;
  readonly id: number;
  /** False when the registry already had it. */
  readonly isNew: boolean;
}

/** A client with write access to a schema registry with Confluent's REST API. */
export class Registry {
  private readonly base: string;
  private readonly headers: Record<string, string>;

  /** `url` may contain user and password; otherwise `token` is sent. */
  constructor(url: string, token?: string) {
    const { origin, pathname, username, password } = new URL(url);
    this.base = origin + pathname.replace(/\/+$/, '');
    const pair = username ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : `nestbox:${token ?? ''}`;
    this.headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
    if (username !== '' || token !== undefined) this.headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }

  /** Sets the subject's compatibility level and registers the schema, unless both exist. */
  async publish({ name, compatibility, schema, wire }: ContractView): Promise<Published> {
    const subject = encodeURIComponent(name);
    const body = { schemaType: wire?.format ?? 'JSON', schema: wire?.text ?? JSON.stringify(schema) };
    // The registry's JSON rules are too strict: they refuse even an optional field. For JSON, `contracts check` decides.
    const level = wire ? compatibility : 'NONE';
    const set = await this.ask('GET', `/config/${subject}`);
    if (set.body.compatibilityLevel !== level) await this.done('PUT', `/config/${subject}`, { compatibility: level });
    const known = await this.ask('POST', `/subjects/${subject}`, body);
    const { id } = known.status === 200 ? known.body : await this.done('POST', `/subjects/${subject}/versions`, body);
    return { contract: name, format: body.schemaType, id: Number(id), isNew: known.status !== 200 };
  }

  private async done(method: string, path: string, body: object): Promise<Answer> {
    const answer = await this.ask(method, path, body);
    if (answer.status === 200) return answer.body;
    const cure = answer.status === 401 || answer.status === 403 ? ': put user and password into its address' : '';
    throw new Fault(`The registry refuses ${path}: ${answer.body.message ?? answer.status}${cure}`);
  }

  private async ask(method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(this.base + path, { method, headers: this.headers, signal, ...(body ? { body: JSON.stringify(body) } : {}) });
      return { status: response.status, body: (await response.json()) as Answer };
    } catch (cause) {
      throw new Fault(`The registry does not answer at ${this.base}: start it, or say where it is with --registry <url>`, 1, { cause });
    }
  }
}

interface Answer {
  readonly id?: number;
  readonly compatibilityLevel?: string;
  readonly message?: string;
}
