import type { SchemaFormat, SchemaReference, SchemaText } from '@nestbox/schema';
import { EventingError } from '../eventing.error.js';

const DEADLINE_MS = 3_000;
const NO_SUBJECT = 40401;
const NO_SCHEMA = 40403;
const MAX_REFERENCES = 100;

interface StoredSchema {
  readonly schema: string;
  readonly schemaType?: SchemaFormat;
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

/**
 * Client for the REST API of Confluent's schema registry. Every failure except "no such schema" is REGISTRY_UNAVAILABLE, which
 * is transient: a registry that is down, slow or refuses access is not the fault of a message.
 */
export class RegistryClient {
  private readonly base: string;
  private readonly authorization: Record<string, string>;
  private readonly mayRegister: boolean;

  constructor(url: string) {
    const { origin, pathname, username, password } = new URL(url);
    this.base = origin + pathname.replace(/\/+$/, '');
    this.mayRegister = username !== '';
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.authorization = this.mayRegister ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {};
  }

  /** Undefined when the registry has no such schema. */
  async schema(id: number): Promise<SchemaText | undefined> {
    const { status, body } = await this.ask('GET', `/schemas/ids/${id}`);
    if (status === 404 && codeOf(body) === NO_SCHEMA) return undefined;
    if (status !== 200) throw refused(`${status} for schema ${id}`);
    return this.complete(body as StoredSchema, 0);
  }

  /** The id of a schema in a subject. Registers the schema when the URL contains credentials. */
  async idOf(subject: string, { format, text }: SchemaText): Promise<number> {
    const request = { schema: text, schemaType: format };
    const path = `/subjects/${encodeURIComponent(subject)}`;
    const found = await this.ask('POST', path, request);
    if (found.status === 200) return (found.body as { id: number }).id;
    if (found.status !== 404 || ![NO_SUBJECT, NO_SCHEMA].includes(codeOf(found.body))) throw refused(`${found.status} for ${subject}`);
    if (!this.mayRegister) throw refused(`${subject} is not registered: run "npx nestbox contracts publish"`);
    const made = await this.ask('POST', `${path}/versions`, request);
    if (made.status === 200) return (made.body as { id: number }).id;
    throw refused(`${subject} was not registered: ${String((made.body as { message?: unknown }).message ?? made.status).slice(0, 500)}`);
  }

  private async complete({ schema, schemaType = 'AVRO', references = [] }: StoredSchema, depth: number): Promise<SchemaText> {
    if (depth > MAX_REFERENCES) throw refused('schemas that refer to each other in circles');
    const texts: SchemaReference[] = [];
    for (const { name, subject, version } of references) {
      const { status, body } = await this.ask('GET', `/subjects/${encodeURIComponent(subject)}/versions/${version}`);
      if (status !== 200) throw refused(`${status} for version ${version} of ${subject}`);
      const referred = await this.complete(body as StoredSchema, depth + 1);
      texts.push(...(referred.references ?? []), { name, text: referred.text });
    }
    return { format: schemaType, text: schema, references: texts };
  }

  private async ask(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    try {
      const response = await fetch(this.base + path, {
        method,
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json', ...this.authorization },
        signal: AbortSignal.timeout(DEADLINE_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      throw new EventingError('REGISTRY_UNAVAILABLE', `the schema registry does not answer within ${DEADLINE_MS / 1000} s`, { cause });
    }
  }
}

function codeOf(body: unknown): number {
  return Number((body as { error_code?: unknown } | null)?.error_code);
}

function refused(answer: string): EventingError {
  return new EventingError('REGISTRY_UNAVAILABLE', `the schema registry answers ${answer}`);
}
