import { UnitOfWork } from '@nestbox/database';
import type { Transaction } from '@nestbox/database';
import { checkEventData } from '@nestbox/kernel';
import type { IssuedCommand, RaisedEvent, StateContract } from '@nestbox/kernel';
import { EVENTING_OPTIONS, EventingError, KEEP_ENCODING_SCHEMA, MessageSpans, FieldEncryption, encode, encodeForSubject, encodingOf } from '@nestbox/messaging';
import type { MessagingOptions, UnencryptedMessage, Position, EncodableMessage, EncodedMessage, MessageEncoding } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { OutboxCapacity } from './outbox-capacity.js';
import { OutboxSignal } from './outbox-signal.js';
import { bucketOf, inserts } from './ring.js';

const PENDING = Symbol('nestbox.outbox.pending');

type Pending = EncodedMessage | UnencryptedMessage;

/**
 * Every message leaves through the outbox: as a row in the transaction of the state change. All messages of a unit of work go
 * into one INSERT, sent with its COMMIT, so they get their ids after the transaction holds all its row locks.
 */
@Injectable()
export class Outbox {
  private readonly keptSchemas = new Set<string>();

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(EVENTING_OPTIONS) private readonly options: MessagingOptions,
    @Inject(OutboxSignal) private readonly signal: OutboxSignal,
    @Inject(OutboxCapacity) private readonly capacity: OutboxCapacity,
    @Inject(FieldEncryption) private readonly encryption: FieldEncryption,
    @Inject(MessageSpans) private readonly spans: MessageSpans,
  ) {}

  /**
   * Adds events to the running unit of work and returns their ids. Throws NO_UNIT_OF_WORK outside one, EVENT_INVALID
   * for an event that another context owns, and OUTBOX_FULL while too many wait to be published.
   */
  add(events: readonly RaisedEvent[]): string[] {
    for (const { contract } of events) this.refuseForeign(contract);
    return this.write(events);
  }

  /**
   * Publishes the state of an aggregate after its event number `version`; null: it was deleted, and its key is removed from the
   * topic. States are published before the events of the unit of work: a reader of an event can also read its state.
   */
  keep<Data>(contract: StateContract<Data>, { key, version, data }: { key: string; version: number; data: Data | null }): void {
    this.refuseForeign(contract);
    const checked = data === null ? { data, json: null } : checkEventData(contract, data);
    this.write([{ contract: contract as StateContract, key, ...checked, aggregateVersion: version }]);
  }

  /**
   * Adds commands to the running unit of work and returns their ids; `senderVersion` is the version of the saga or
   * aggregate that sends them. Throws NO_UNIT_OF_WORK outside one.
   */
  send(commands: readonly IssuedCommand[], senderVersion: number): string[] {
    return this.write(commands.map((command) => ({ ...command, aggregateVersion: senderVersion })));
  }

  private write(messages: readonly EncodableMessage[]): string[] {
    this.capacity.refuseWhenFull();
    const { fencedFor } = this.unitOfWork.current;
    if (fencedFor) {
      const fault = `${fencedFor} may not send messages: a projection only writes its tables.`;
      throw new EventingError('REPLAY_HAS_NO_EFFECTS', fault);
    }
    const pending = this.pendingOf(this.unitOfWork.current);
    return messages.map((message) => {
      const encoding = this.options.schemaRegistryUrl ? encodingOf(message.contract) : undefined;
      const sender = { producer: this.options.context, spans: this.spans, encoding };
      const encoded = (this.encryption.isEnabled ? encodeForSubject : encode)(message, sender);
      if (encoding) this.keepSchema(encoding);
      pending.push(encoded);
      return encoded.eventId;
    });
  }

  private refuseForeign({ type, context }: Pick<StateContract, 'type' | 'context'>): void {
    if (context === this.options.context) return;
    throw new EventingError('EVENT_INVALID', `${type} belongs to ${context}; ${this.options.context} may not publish it.`);
  }

  /** The events of the running unit of work so far; none outside one. */
  written(): Position {
    const pending = this.unitOfWork.isActive() ? this.pendingOf(this.unitOfWork.current) : [];
    return pending.filter(({ kind }) => kind === 'event').map(({ eventId, eventType }) => ({ eventId, eventType }));
  }

  /** Every relay needs the schema of the row, also one that runs older code. */
  private keepSchema({ fingerprint, subject, schema }: MessageEncoding): void {
    if (this.keptSchemas.has(fingerprint)) return;
    const transaction = this.unitOfWork.current;
    transaction.write({ ...KEEP_ENCODING_SCHEMA, values: [fingerprint, subject, schema.format, schema.text] });
    transaction.onAfterCommit(() => this.keptSchemas.add(fingerprint));
  }

  private pendingOf(transaction: Transaction): Pending[] {
    return transaction.resource(PENDING, () => this.open(transaction));
  }

  private open(transaction: Transaction): Pending[] {
    const pending: Pending[] = [];
    transaction.onBeforeCommit(async () => {
      if (pending.length > 0) transaction.write(insert(await this.encryption.encrypt(pending)));
    });
    transaction.onAfterCommit(() => {
      if (pending.length > 0) this.signal.written();
    });
    return pending;
  }
}

function insert(messages: readonly EncodedMessage[]) {
  const rows = messages.some(isState) ? [...messages.filter(isState), ...messages.filter((one) => !isState(one))] : messages;
  if (rows.length === 1) {
    const { topic, key, headers, value } = rows[0]!;
    return { ...inserts().one, values: [bucketOf(key), topic, key, headers, value] };
  }
  const column = (name: 'topic' | 'key' | 'headers' | 'value') => rows.map((row) => row[name]);
  const buckets = rows.map(({ key }) => bucketOf(key));
  return { ...inserts().many, values: [buckets, column('topic'), column('key'), column('headers'), column('value')] };
}

function isState({ kind }: EncodedMessage): boolean {
  return kind === 'state';
}
