import { Inbox } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, runWithCorrelation, uuid7 } from '@nestbox/kernel';
import { clean } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import { Outbox } from '@nestbox/outbox';
import { attribute, inShortSpan, inSpan, placeIn } from '@nestbox/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SagaStore } from './saga-store.js';
import type { EarlyEvent, NotedTurn, StoredSaga } from './saga-store.js';
import { endLifetime, isOver, LIFETIME, statusAfter } from './saga.js';
import type { SagaAnswer, SagaDefinition, SagaMessage } from './saga.js';

/** What became of a message: `early` waits for the event that starts the saga, `late` came when it was over. */
export type Named = NotedTurn['answer'] | 'early';

type Cause = Pick<NotedTurn, 'cause' | 'eventId' | 'note'>;

/**
 * Loads, decides, saves: state, inbox claim, commands, timeouts and history in one transaction. Two messages for one saga
 * wait for each other at its row, so the second is decided upon what the first has left.
 */
@Injectable()
export class SagaRunner {
  private readonly logger = new Logger('Saga');

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Inbox) private readonly inbox: Inbox,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(SagaStore) private readonly store: SagaStore,
  ) {}

  /** An event from the log. `claimed`: whoever calls has claimed it in the running unit of work. */
  async hear(saga: SagaDefinition, message: EventMessage, claimed = false): Promise<void> {
    const { eventId, eventType: type, key, data } = message;
    await this.unitOfWork.run(async () => {
      if (!claimed && (await this.inbox.claim(saga.id, [eventId], [key])).size === 0) return;
      const stored = await this.store.lock(saga.id, key);
      if (stored) this.deliver(saga, key, stored, { kind: 'event', type, data }, { cause: type, eventId });
      else if (type === saga.starts.type) await this.begin(saga, key, { eventId, type, data });
      else this.store.keepEarly(saga.id, key, { eventId, type, data });
    });
  }

  /** A timeout that was claimed; nothing happens when it has been taken back, set anew or dealt with since. */
  async timeOut(saga: SagaDefinition, id: string, name: string): Promise<void> {
    await this.unitOfWork.runNew(async () => {
      const stored = await this.store.lock(saga.id, id);
      if (!stored || !(await this.store.takeTimeout(saga.id, id, name))) return;
      const cause = `timeout ${name}`;
      await this.inStory(stored, cause, () => this.deliver(saga, id, stored, { kind: 'timeout', name }, { cause }));
    });
  }

  /** What an operator wants; undefined when there is no such saga. */
  async obey(saga: SagaDefinition, id: string, act: 'retry' | 'cancel', note: string): Promise<Named | undefined> {
    return this.unitOfWork.run(async () => {
      const stored = await this.store.lock(saga.id, id);
      if (!stored) return undefined;
      const cause = { cause: `operator ${act}`, note };
      return this.inStory(stored, cause.cause, () => this.deliver(saga, id, stored, { kind: 'operator', act }, cause));
    });
  }

  private async begin(saga: SagaDefinition, id: string, { eventId, type, data }: EarlyEvent): Promise<void> {
    const story = currentCorrelation();
    const { correlationId = eventId, traceId = newTraceId() } = story ?? {};
    const traceparent = story ? formatTraceparent(story) : null;
    const unborn: StoredSaga = { status: 'running', state: undefined, version: 0, correlationId, traceId, traceparent };
    const born = this.take(saga, id, unborn, { kind: 'event', type, data }, { cause: type, eventId });
    let stored = born.next;
    for (const early of await this.store.takeEarly(saga.id, id)) {
      const message: SagaMessage = { kind: 'event', type: early.type, data: early.data };
      ({ next: stored } = this.deliverTo(saga, id, stored, message, { cause: early.type, eventId: early.eventId }));
    }
  }

  private deliver(saga: SagaDefinition, id: string, stored: StoredSaga, message: SagaMessage, cause: Cause): Named {
    return this.deliverTo(saga, id, stored, message, cause).answer;
  }

  private deliverTo(saga: SagaDefinition, id: string, stored: StoredSaga, message: SagaMessage, cause: Cause) {
    if (!isOver(stored.status)) return this.take(saga, id, stored, message, cause);
    this.store.note(saga.id, id, stored, { ...cause, answer: 'late' });
    return { next: stored, answer: 'late' as const };
  }

  private take(saga: SagaDefinition, id: string, stored: StoredSaga, message: SagaMessage, cause: Cause) {
    const attributes = { [attribute.saga]: saga.id, [attribute.sagaInstance]: id, [attribute.sagaCause]: cause.cause };
    return inShortSpan(`saga ${saga.id}`, { attributes }, (span) => {
      const turn = this.turn(saga, id, stored, message, cause);
      span.setAttributes({ [attribute.sagaAnswer]: turn.answer, [attribute.sagaStatus]: turn.next.status });
      return turn;
    });
  }

  private turn(saga: SagaDefinition, id: string, stored: StoredSaga, message: SagaMessage, cause: Cause) {
    const turn = this.decide(saga, stored, message);
    if (turn === 'ignored') {
      this.store.note(saga.id, id, stored, { ...cause, answer: 'ignored' });
      return { next: stored, answer: 'ignored' as const };
    }
    const version = stored.version + 1;
    const next = { ...stored, state: turn.state, status: statusAfter(turn, stored.status), version };
    this.store.save(saga, id, next, turn, stored.version > 0 ? stored : undefined);
    this.store.note(saga.id, id, next, { ...cause, answer: 'taken', turn });
    this.outbox.send(turn.commands ?? [], version);
    if (next.status === 'stuck' && stored.status !== 'stuck') this.callForHelp(saga.id, id, turn.note);
    return { next, answer: 'taken' as const };
  }

  private decide(saga: SagaDefinition, { state, status }: StoredSaga, message: SagaMessage): SagaAnswer {
    const answer = saga.decide(state, message);
    const lifetimeOver = message.kind === 'timeout' && message.name === LIFETIME;
    return lifetimeOver ? endLifetime(state, answer, status) : answer;
  }

  /** Timeouts and operators go on with the story that the saga began in. */
  private inStory<T>({ correlationId, traceId, traceparent }: StoredSaga, cause: string, work: () => T): Promise<T> {
    const place = placeIn({ traceparent: traceparent ?? undefined }) ?? { traceId, spanId: newSpanId() };
    const story = { correlationId, causationId: uuid7(), ...place };
    return runWithCorrelation(story, () => inSpan(cause, { attributes: { [attribute.sagaCause]: cause } }, async () => work()));
  }

  private callForHelp(saga: string, id: string, note = 'nobody knows why'): void {
    this.unitOfWork.current.onAfterCommit(() => this.logger.error(`ALERT: ${saga} ${clean(id, 100)} is stuck and needs a person: ${note}`));
  }
}
