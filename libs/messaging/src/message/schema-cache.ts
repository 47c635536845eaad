import { UnitOfWork } from '@nestbox/database';
import { isFramed, SchemaError, splitIndexes, unframe } from '@nestbox/schema';
import type { SchemaText } from '@nestbox/schema';
import { Inject, Injectable } from '@nestjs/common';
import type { BrokerRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { EVENTING_OPTIONS } from '../messaging.options.js';
import type { MessagingOptions } from '../messaging.options.js';
import { RegistryClient } from './registry-client.js';
import { SchemaMetrics } from './schema-metrics.js';
import { EncodedPayload, WriterSchema } from './encoding.js';

const KNOWN_SCHEMA = 'SELECT schema FROM nestbox.known_schemas WHERE registry = $1 AND schema_id = $2';
const KEEP_KNOWN_SCHEMA = `INSERT INTO nestbox.known_schemas (registry, schema_id, schema) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING`;

/**
 * The schemas behind the ids in records. Known schemas stay in memory and in the context's database, so a registry that is
 * down only stops records with new schemas. An id that the registry does not know is asked for each time.
 */
@Injectable()
export class SchemaCache {
  private readonly client: RegistryClient | undefined;
  /** Ids are unique within one registry only. */
  private readonly registry: string;
  private readonly known = new Map<number, WriterSchema>();
  private readonly asking = new Map<number, Promise<void>>();

  constructor(
    @Inject(EVENTING_OPTIONS) { schemaRegistryUrl }: MessagingOptions,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(SchemaMetrics) private readonly metrics: SchemaMetrics,
  ) {
    this.client = schemaRegistryUrl ? new RegistryClient(schemaRegistryUrl) : undefined;
    this.registry = schemaRegistryUrl ? new URL(schemaRegistryUrl).host : '';
  }

  /**
   * Loads the schema of a record; does nothing for JSON. Rejects with REGISTRY_UNAVAILABLE. Call it before anything of a
   * batch is handled, so that the whole batch can be delivered again.
   */
  async need({ value }: Pick<BrokerRecord, 'value'>): Promise<void> {
    const id = idIn(value);
    if (id === undefined || this.known.has(id)) return;
    const asking = this.asking.get(id) ?? this.ask(id).finally(() => this.asking.delete(id));
    this.asking.set(id, asking);
    await asking;
  }

  /** Throws RECORD_UNDECODABLE when the registry has no such schema. Call `need` first. */
  payload(value: Buffer): EncodedPayload {
    try {
      const { schemaId, rest } = unframe(value);
      const writer = this.known.get(schemaId);
      if (!writer) throw new SchemaError(`its schema, ${schemaId}, is not in the registry`);
      const { indexes, payload } = writer.format === 'PROTOBUF' ? splitIndexes(rest) : { indexes: [0], payload: rest };
      return new EncodedPayload(writer, payload, indexes);
    } catch (cause) {
      throw new EventingError('RECORD_UNDECODABLE', (cause as Error).message, { cause });
    }
  }

  private async ask(id: number): Promise<void> {
    if (!this.client) {
      throw new EventingError('REGISTRY_UNAVAILABLE', `schema ${id} is needed and no schema registry is configured: set SCHEMA_REGISTRY_URL`);
    }
    const schema = (await this.kept(id)) ?? (await this.fetch(this.client, id));
    if (schema) this.known.set(id, new WriterSchema(schema));
    this.metrics.cached.set(this.known.size);
  }

  private async kept(id: number): Promise<SchemaText | undefined> {
    const find = () => this.unitOfWork.query<{ schema: SchemaText }>(KNOWN_SCHEMA, [this.registry, id]);
    return (await this.unitOfWork.run(find))[0]?.schema;
  }

  private async fetch(client: RegistryClient, id: number): Promise<SchemaText | undefined> {
    const { fetches } = this.metrics;
    const schema = await client.schema(id).catch((error: unknown) => {
      fetches.inc({ result: 'failed' });
      throw error;
    });
    fetches.inc({ result: schema ? 'found' : 'missing' });
    const values = [this.registry, id, JSON.stringify(schema)];
    if (schema) await this.unitOfWork.run(() => this.unitOfWork.query(KEEP_KNOWN_SCHEMA, values));
    return schema;
  }
}

function idIn(value: Buffer | null): number | undefined {
  return isFramed(value) && value.length >= 5 ? value.readUInt32BE(1) : undefined;
}
