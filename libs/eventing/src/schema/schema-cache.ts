import { Inject, Injectable } from '@nestjs/common';
import { isFramed, SchemaError, splitIndexes, unframe } from '@nestbox/schema';
import type { BrokerRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { EVENTING_OPTIONS } from '../eventing.options.js';
import type { EventingOptions } from '../eventing.options.js';
import { Metrics } from '../telemetry/metrics.js';
import { RegistryClient } from './registry-client.js';
import { WirePayload, WriterSchema } from './wire-payload.js';

/**
 * The schemas behind the ids in records. One that is known is never asked for again, so that a registry which is away
 * stops only what nobody has seen yet; an id that the registry does not know is asked for each time.
 */
@Injectable()
export class SchemaCache {
  private readonly client: RegistryClient | undefined;
  private readonly known = new Map<number, WriterSchema>();
  private readonly asking = new Map<number, Promise<void>>();

  constructor(
    @Inject(EVENTING_OPTIONS) { schemaRegistryUrl }: EventingOptions,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {
    this.client = schemaRegistryUrl ? new RegistryClient(schemaRegistryUrl) : undefined;
  }

  /**
   * Makes sure that the schema of a record is here; does nothing for JSON. Rejects with REGISTRY_UNAVAILABLE: the batch
   * is then delivered again, and nothing of it has been handled.
   */
  async need({ value }: Pick<BrokerRecord, 'value'>): Promise<void> {
    const id = idIn(value);
    if (id === undefined || this.known.has(id)) return;
    const asking = this.asking.get(id) ?? this.ask(id).finally(() => this.asking.delete(id));
    this.asking.set(id, asking);
    await asking;
  }

  /** Throws RECORD_UNDECODABLE when the registry knows no such schema. Only after `need`. */
  payload(value: Buffer): WirePayload {
    try {
      const { schemaId, rest } = unframe(value);
      const writer = this.known.get(schemaId);
      if (!writer) throw new SchemaError(`its schema, ${schemaId}, is not in the registry`);
      const { indexes, payload } = writer.format === 'PROTOBUF' ? splitIndexes(rest) : { indexes: [0], payload: rest };
      return new WirePayload(writer, payload, indexes);
    } catch (cause) {
      throw new EventingError('RECORD_UNDECODABLE', (cause as Error).message, { cause });
    }
  }

  private async ask(id: number): Promise<void> {
    if (!this.client) {
      const cure = 'set SCHEMA_REGISTRY_URL';
      throw new EventingError('REGISTRY_UNAVAILABLE', `schema ${id} is wanted and no schema registry is known: ${cure}`);
    }
    const { schemaFetches, cachedSchemas } = this.metrics;
    const schema = await this.client.schema(id).catch((error: unknown) => {
      schemaFetches.inc({ result: 'failed' });
      throw error;
    });
    schemaFetches.inc({ result: schema ? 'found' : 'missing' });
    if (schema) this.known.set(id, new WriterSchema(schema));
    cachedSchemas.set(this.known.size);
  }
}

function idIn(value: Buffer | null): number | undefined {
  return isFramed(value) && value.length >= 5 ? value.readUInt32BE(1) : undefined;
}
