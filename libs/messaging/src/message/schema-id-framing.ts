import { frame } from '@nestbox/schema';
import type { SchemaFormat } from '@nestbox/schema';
import type { OutgoingRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { ENCODING_HEADER } from './encoding.js';
import { RegistryClient } from './registry-client.js';
import { NOTE_SCHEMA_ID, WIRE_SCHEMA_AT } from './encoding-schemas.sql.js';

/** Where schemas and their ids are kept: any connection to the context's database. */
export interface SchemaQueries {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

interface Known {
  readonly format: SchemaFormat;
  readonly id: number;
}

/**
 * Puts the schema's id before data that was encoded when it was written. Ids are kept in the database, so that a relay
 * which starts while the registry is away goes on with what any relay has sent before.
 */
export class SchemaIdFraming {
  private readonly known = new Map<string, Known>();
  private readonly client: RegistryClient | undefined;

  constructor(
    private readonly connection: SchemaQueries,
    private readonly registryUrl: string | undefined,
  ) {
    this.client = registryUrl ? new RegistryClient(registryUrl) : undefined;
  }

  /** Rejects with REGISTRY_UNAVAILABLE when the id of a schema cannot be had. */
  async frame(record: OutgoingRecord): Promise<OutgoingRecord> {
    const { [ENCODING_HEADER]: fingerprint, ...headers } = record.headers;
    if (fingerprint === undefined) return record;
    const { format, id } = this.known.get(fingerprint) ?? (await this.find(fingerprint));
    return { ...record, headers, value: frame(format, id, Buffer.from(String(record.value), 'base64')) };
  }

  private async find(fingerprint: string): Promise<Known> {
    // An id means something in one registry only.
    const registry = this.registryUrl ? new URL(this.registryUrl).host : '';
    const { rows } = await this.connection.query(WIRE_SCHEMA_AT, [fingerprint, registry]);
    const [row] = rows as { subject: string; format: SchemaFormat; text: string; schema_id: number | null }[];
    if (!row) throw new EventingError('REGISTRY_UNAVAILABLE', `the outbox names a schema, ${fingerprint}, that it does not hold`);
    const { subject, format, text } = row;
    const id = row.schema_id ?? (await this.ask(subject, { format, text }));
    if (row.schema_id === null) await this.connection.query(NOTE_SCHEMA_ID, [fingerprint, id, registry]);
    const found = { format, id };
    this.known.set(fingerprint, found);
    return found;
  }

  private ask(subject: string, schema: { format: SchemaFormat; text: string }): Promise<number> {
    if (this.client) return this.client.idOf(subject, schema);
    throw new EventingError('REGISTRY_UNAVAILABLE', `${subject} was written for a schema registry and none is known: set SCHEMA_REGISTRY_URL`);
  }
}
