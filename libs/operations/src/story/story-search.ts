import { Pauses } from '@nestbox/consumer';
import type { Envelope } from '@nestbox/kernel';
import { Broker, clean, decode, envelopeOf, EVENTING_OPTIONS, ENCODING_HEADER } from '@nestbox/messaging';
import type { BrokerRecord, ReadingPlace } from '@nestbox/messaging';
import { RelayLeases } from '@nestbox/outbox';
import { isFramed } from '@nestbox/schema';
import type { FoundMessage, MessagesPart } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OperationsModuleOptions } from '../operations.options.js';
import { REFUSED, UNPUBLISHED } from './story.sql.js';

type Row = Pick<FoundMessage, 'topic' | 'key'> & { readonly headers: string; readonly value: string; readonly reason?: string };

/** Finds the messages of a story: on the topics of this context, and in its outbox. */
@Injectable()
export class StorySearch {
  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: OperationsModuleOptions,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Pauses) private readonly pauses: Pauses,
    @Inject(RelayLeases) private readonly leases: RelayLeases,
  ) {}

  /**
   * Messages published since then with one of these values as key, id or correlation id. Also searches the topics of the
   * `instead` contexts, which do not answer themselves.
   */
  async find(ids: readonly string[], since: Date, instead: readonly string[] = []): Promise<MessagesPart> {
    const isMeant = ({ key, eventId, correlationId }: FoundMessage) => [key, eventId, correlationId].some((one) => ids.includes(one));
    // The outbox first: a message published in between is then found twice instead of missed.
    const [waiting, refused] = await Promise.all([this.rows(UNPUBLISHED, ids), this.rows(REFUSED, ids)]);
    const found = [
      ...waiting.flatMap((row) => fromRow(row, { in: 'outbox' })),
      ...refused.flatMap((row) => fromRow(row, { in: 'refused', why: clean(row.reason ?? '', 500) })),
      ...(await this.published(ids, since, [this.options.context, ...instead])),
    ];
    return { messages: found.filter(isMeant), outboxStands: await this.outboxStands() };
  }

  private rows(sql: string, ids: readonly string[]): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, [ids]);
  }

  private async published(ids: readonly string[], since: Date, contexts: readonly string[]): Promise<FoundMessage[]> {
    const found: FoundMessage[] = [];
    const texts = ids.map((id) => Buffer.from(id));
    // Searches the raw bytes, because parsing every record is slow.
    const mentions = ({ key, value, headers }: BrokerRecord) =>
      texts.some((text) => key?.equals(text) || value?.includes(text)) ||
      [headers.ce_id, headers.ce_correlationid].some((one) => one !== undefined && ids.includes(one));
    await this.broker.read(await this.places(since, contexts), (records) => {
      for (const record of records) if (mentions(record)) found.push(...fromRecord(record));
    });
    return found;
  }

  private async places(since: Date, contexts: readonly string[]): Promise<ReadingPlace[]> {
    const topics = this.options.topics.map(({ name }) => name).filter((name) => contexts.includes(name.split('.')[0]!));
    const offsets = await Promise.all(topics.map((topic) => this.broker.offsetsAt(topic, since.getTime())));
    return topics.flatMap((topic, n) => offsets[n]!.map((from, partition) => ({ topic, partition, from })));
  }

  private async outboxStands(): Promise<string | null> {
    const paused = (await this.pauses.list()).find(({ kind }) => kind === 'outbox');
    if (paused) return `paused by ${clean(paused.actor, 100)}: ${clean(paused.reason, 200)}`;
    const idle = (await this.leases.list()).filter(({ alive, holder }) => !alive || holder === null);
    return idle.length > 0 ? 'no relay is alive' : null;
  }
}

function fromRow({ topic, key, headers, value }: Row, place: FoundMessage['place']): FoundMessage[] {
  try {
    const parsed = JSON.parse(headers) as Record<string, string>;
    const envelope = ENCODING_HEADER in parsed ? envelopeOf(parsed) : (JSON.parse(value) as Envelope);
    return [foundMessage(envelope as Envelope, topic, key, place)];
  } catch {
    return [];
  }
}

/** Skips unreadable records. */
function fromRecord(record: BrokerRecord): FoundMessage[] {
  try {
    const { topic, partition, offset, timestamp, key, value, headers } = record;
    const envelope = isFramed(value) ? (envelopeOf(headers) as Envelope) : decode(record);
    const at = new Date(timestamp).toISOString();
    return [foundMessage(envelope, topic, String(key), { in: 'topic', partition, offset, at })];
  } catch {
    return [];
  }
}

function foundMessage(envelope: Envelope, topic: string, key: string, place: FoundMessage['place']): FoundMessage {
  const { eventId, eventType, producer, aggregateVersion, correlationId, causationId, traceId, occurredAt } = envelope;
  const kind = topic.endsWith('.commands') ? 'command' : 'event';
  const message = { eventId, type: eventType, kind, producer, topic, key, version: aggregateVersion } as const;
  return { ...message, correlationId, causationId, traceId, occurredAt: new Date(occurredAt).toISOString(), place };
}
