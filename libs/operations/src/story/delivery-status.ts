import { BoundHandlers, ConsumerMetrics, EventConsumer, Pauses } from '@nestbox/consumer';
import type { BoundHandler, DeadLetterStatus, Pause } from '@nestbox/consumer';
import { Broker } from '@nestbox/messaging';
import { Sagas } from '@nestbox/sagas';
import type { Handling, HandlingsPart, SagaPart } from '@nestbox/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLAIMS, DEAD_LETTERS } from './story.sql.js';

/** A message on a topic. */
export interface PublishedMessage {
  readonly eventId: string;
  readonly type: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** ISO 8601: when it was published. */
  readonly at: string;
}

interface DeadLetterRow {
  readonly id: string;
  readonly handler: string;
  readonly eventId: string;
  readonly status: DeadLetterStatus;
  readonly reason: string;
  readonly failures: number;
  readonly errorClass: string | null;
  readonly errorMessage: string | null;
  readonly parkedAt: Date;
  readonly dueAt: Date | null;
  readonly closedAt: Date | null;
}

interface Known {
  readonly claims: ReadonlyMap<string, Date | null>;
  readonly deadLetters: ReadonlyMap<string, DeadLetterRow>;
  readonly pauses: readonly Pause[];
  /** By group and partition; absent when the broker does not know. */
  readonly committed: ReadonlyMap<string, string | null>;
}

const PLAIN = { at: null, failures: 0, why: null, letter: null, dueAt: null, ahead: 0, groupStands: null, stay: null };

/** Tells for each message and handler of this app: handled, waiting, paused, parked or passed over. */
@Injectable()
export class DeliveryStatus {
  constructor(
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(EventConsumer) private readonly consumer: EventConsumer,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Pauses) private readonly pauses: Pauses,
    @Inject(Sagas) private readonly sagas: Sagas,
    @Inject(ConsumerMetrics) private readonly metrics: ConsumerMetrics,
  ) {}

  /** `instead`: contexts that do not answer themselves; for them it tells only whether their groups have read the messages. */
  async of(messages: readonly PublishedMessage[], keys: readonly string[], instead: readonly string[] = []): Promise<HandlingsPart> {
    const pairs = messages.flatMap((message) => this.handlersOf(message).map((handler) => ({ message, handler })));
    // Offsets before claims: an event handled in between counts as handled.
    const committed = await this.committedBy(pairs.map(({ handler }) => handler), messages);
    const known = await this.lookUp(messages, pairs.map(({ handler }) => handler.id), committed);
    const others = messages.length > 0 ? await Promise.all(instead.map((group) => this.waitingFor(group, messages))) : [];
    return {
      handlings: [...pairs.map(({ message, handler }) => this.handlingOf(message, handler, known)), ...others.flat()],
      sagas: await this.sagasOf(keys),
    };
  }

  private handlersOf({ type, topic }: PublishedMessage): BoundHandler[] {
    return this.handlers.all.filter(({ methods }) => methods.get(type)?.mark.contract.topic === topic);
  }

  private async lookUp(messages: readonly PublishedMessage[], handlers: readonly string[], committed: Known['committed']): Promise<Known> {
    const ids = messages.map(({ eventId }) => eventId);
    const [claims, deadLetters, pauses] = await Promise.all([
      this.dataSource.query<{ handler: string; eventId: string; at: Date | null }[]>(CLAIMS, [ids, [...new Set(handlers)]]),
      this.dataSource.query<DeadLetterRow[]>(DEAD_LETTERS, [ids]),
      this.pauses.list(),
    ]);
    return {
      committed,
      pauses,
      claims: new Map(claims.map(({ handler, eventId, at }) => [`${handler} ${eventId}`, at])),
      deadLetters: new Map(deadLetters.map((row) => [`${row.handler} ${row.eventId}`, row])),
    };
  }

  private async committedBy(handlers: readonly BoundHandler[], messages: readonly PublishedMessage[]): Promise<Known['committed']> {
    const topics = [...new Set(messages.map(({ topic }) => topic))];
    const groups = [...new Set(handlers.map(({ group }) => group))];
    const lags = await Promise.all(groups.map((group) => this.broker.lag(group, topics)));
    return new Map(
      lags.flatMap((lag, n) => lag.map(({ topic, partition, committed }) => [`${groups[n]} ${topic}[${partition}]`, committed])),
    );
  }

  private handlingOf(message: PublishedMessage, { id, group }: BoundHandler, known: Known): Handling {
    const common = { ...PLAIN, eventId: message.eventId, handler: id, group };
    const deadLetter = known.deadLetters.get(`${id} ${message.eventId}`);
    if (deadLetter) return { ...common, ...fromDeadLetter(deadLetter) };
    const claim = known.claims.get(`${id} ${message.eventId}`);
    if (claim !== undefined) return { ...common, state: 'handled', at: claim?.toISOString() ?? null, stay: this.stayOf(id, message) };
    const committed = BigInt(known.committed.get(`${group} ${message.topic}[${message.partition}]`) ?? 0);
    const offset = BigInt(message.offset);
    if (committed > offset) return { ...common, state: 'passed over' };
    // A group has one offset: when one of its handlers is paused, all of them wait.
    const together = [group, ...this.handlers.ofGroup(group).map((handler) => handler.id)];
    const paused = known.pauses.find(({ kind, name }) => kind !== 'outbox' && together.includes(name));
    const ahead = Number(offset - committed);
    if (paused) return { ...common, state: 'paused', ahead, why: `${paused.name} is paused by ${paused.actor}: ${paused.reason}` };
    const consumed = this.consumer.consumed.find((one) => one.group === group);
    const isHere = consumed?.assigned().some(({ topic, partition }) => topic === message.topic && partition === message.partition);
    const why = isHere ? null : 'another member of the group has the partition';
    return { ...common, state: 'waiting', ahead, why, groupStands: consumed?.problem() ?? null };
  }

  /** Messages that the group of a silent app has not read yet. Skips topics that the group has never read. */
  private async waitingFor(group: string, messages: readonly PublishedMessage[]): Promise<Handling[]> {
    const lags = await this.broker.lag(group, [...new Set(messages.map(({ topic }) => topic))]);
    const read = new Set(lags.filter(({ committed }) => committed !== null).map(({ topic }) => topic));
    return messages.flatMap(({ eventId, topic, partition, offset }): Handling[] => {
      const found = lags.find((lag) => lag.topic === topic && lag.partition === partition);
      const ahead = found && read.has(topic) ? Number(offset) - (Number(found.end) - found.lag) : -1;
      if (ahead < 0) return [];
      return [{ ...PLAIN, eventId, handler: group, group, state: 'waiting', ahead, groupStands: 'the app does not answer' }];
    });
  }

  private stayOf(handler: string, { topic, partition, offset, at }: PublishedMessage): Handling['stay'] {
    return this.metrics.dwell.recent.stayOf(handler, { topic, partition, offset, timestamp: Date.parse(at) }) ?? null;
  }

  private async sagasOf(keys: readonly string[]): Promise<SagaPart[]> {
    const found = (await Promise.all(keys.map((key) => this.sagas.of(key)))).flat();
    return found.map(({ saga, id, status, note, startedAt, changedAt, endedAt, timeouts }) => ({
      saga, id, status, note,
      startedAt: startedAt.toISOString(),
      changedAt: changedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      waitsFor: timeouts.map(({ name, dueAt }) => ({ name, dueAt: dueAt.toISOString() })),
    }));
  }
}

const STATES = { parked: 'parked', delayed: 'retried', redriven: 'handled', discarded: 'discarded', edited: 'parked' } as const;

function fromDeadLetter({ id, status, reason, failures, errorClass, errorMessage, parkedAt, dueAt, closedAt }: DeadLetterRow) {
  const error = errorClass && `${errorClass}: ${errorMessage}`;
  return {
    state: STATES[status],
    at: (closedAt ?? parkedAt).toISOString(),
    letter: id,
    failures,
    why: reason === 'behind' ? 'an earlier event of its key is parked' : error,
    dueAt: dueAt?.toISOString() ?? null,
  };
}
