import { frame } from '@nestbox/schema';
import type { SchemaFormat } from '@nestbox/schema';
import type { OutgoingRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { ENCODING_HEADER } from './encoding.js';
import { RegistryClient } from './registry-client.js';

export const KEEP_ENCODING_SCHEMA = {
  name: 'nestbox-keep-wire-schema',
  text: `INSERT INTO nestbox.wire_schemas (fingerprint, subject, format, text) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING`,
};
const FIND_ENCODING_SCHEMA = `SELECT subject, format, text, CASE WHEN registry = $2 THEN schema_id END AS schema_id
  FROM nestbox.wire_schemas WHERE fingerprint = $1`;
const NOTE_SCHEMA_ID = 'UPDATE nestbox.wire_schemas SET schema_id = $2, registry = $3 WHERE fingerprint = $1';

/** Any connection to the context's database. */
export interface SchemaQueries {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

interface Known {
  readonly format: SchemaFormat;
  readonly id: number;
}

/**
 * Puts the schema's id in front of encoded data, as the relay sends it. Ids are stored in the database, so a relay that starts
 * while the registry is down can send every schema that was sent before.
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

  /** Rejects with REGISTRY_UNAVAILABLE when the id of the schema cannot be found. */
  async frame(record: OutgoingRecord): Promise<OutgoingRecord> {
    const { [ENCODING_HEADER]: fingerprint, ...headers } = record.headers;
    if (fingerprint === undefined) return record;
    const { format, id } = this.known.get(fingerprint) ?? (await this.find(fingerprint));
    return { ...record, headers, value: frame(format, id, Buffer.from(String(record.value), 'base64')) };
  }

  private async find(fingerprint: string): Promise<Known> {
    // Ids are unique within one registry only.
    const registry = this.registryUrl ? new URL(this.registryUrl).host : '';
    const { rows } = await this.connection.query(FIND_ENCODING_SCHEMA, [fingerprint, registry]);
    const [row] = rows as { subject: string; format: SchemaFormat; text: string; schema_id: number | null }[];
    if (!row) throw new EventingError('REGISTRY_UNAVAILABLE', `the outbox refers to schema ${fingerprint}, which is not in nestbox.wire_schemas`);
    const { subject, format, text } = row;
    const id = row.schema_id ?? (await this.ask(subject, { format, text }));
    if (row.schema_id === null) await this.connection.query(NOTE_SCHEMA_ID, [fingerprint, id, registry]);
    const found = { format, id };
    this.known.set(fingerprint, found);
    return found;
  }

  private ask(subject: string, schema: { format: SchemaFormat; text: string }): Promise<number> {
    if (this.client) return this.client.idOf(subject, schema);
    throw new EventingError('REGISTRY_UNAVAILABLE', `${subject} needs a schema registry and none is configured: set SCHEMA_REGISTRY_URL`);
  }
}
