import { Inbox } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { currentCorrelation, formatTraceparent, newSpanId, newTraceId, runWithCorrelation, uuid7 } from '@nestbox/kernel';
import { clean } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import { Outbox } from '@nestbox/outbox';
import { attribute, inShortSpan, inSpan, placeIn } from '@nestbox/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SagaStore } from './saga-store.js';
import type { EarlyEvent, HistoryEntry, StoredSaga } from './saga-store.js';
import { endLifetime, isOver, LIFETIME, statusAfter } from './saga.js';
import type { SagaAnswer, SagaDefinition, SagaMessage } from './saga.js';

/** `early`: kept until the event that starts the saga arrives. `late`: arrived after the saga ended. */
export type Outcome = HistoryEntry['answer'] | 'early';

type Cause = Pick<HistoryEntry, 'cause' | 'eventId' | 'note'>;

/**
 * Loads, decides, saves: state, inbox claim, commands, timeouts and history in one transaction. The saga's row is locked,
 * so of two concurrent messages the second sees the state that the first has saved.
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

  /** `claimed`: the caller has claimed the event in the running unit of work. */
  async handleEvent(saga: SagaDefinition, message: EventMessage, claimed = false): Promise<void> {
    const { eventId, eventType: type, key, data } = message;
    await this.unitOfWork.run(async () => {
      if (!claimed && (await this.inbox.claim(saga.id, [eventId], [key])).size === 0) return;
      const stored = await this.store.lock(saga.id, key);
      if (stored) this.deliver(saga, key, stored, { kind: 'event', type, data }, { cause: type, eventId });
      else if (type === saga.starts.type) await this.begin(saga, key, { eventId, type, data });
      else this.store.keepEarly(saga.id, key, { eventId, type, data });
    });
  }

  /** Handles a leased timeout. Does nothing when it was cancelled, set again or handled meanwhile. */
  async handleTimeout(saga: SagaDefinition, id: string, name: string): Promise<void> {
    await this.unitOfWork.runNew(async () => {
      const stored = await this.store.lock(saga.id, id);
      if (!stored || !(await this.store.takeTimeout(saga.id, id, name))) return;
      const cause = `timeout ${name}`;
      await this.inCorrelationOf(stored, cause, () => this.deliver(saga, id, stored, { kind: 'timeout', name }, { cause }));
    });
  }

  /** Undefined when there is no such saga. */
  async handleOperator(saga: SagaDefinition, id: string, act: 'retry' | 'cancel', note: string): Promise<Outcome | undefined> {
    return this.unitOfWork.run(async () => {
      const stored = await this.store.lock(saga.id, id);
      if (!stored) return undefined;
      const cause = { cause: `operator ${act}`, note };
      return this.inCorrelationOf(stored, cause.cause, () => this.deliver(saga, id, stored, { kind: 'operator', act }, cause));
    });
  }

  private async begin(saga: SagaDefinition, id: string, { eventId, type, data }: EarlyEvent): Promise<void> {
    const correlation = currentCorrelation();
    const { correlationId = eventId, traceId = newTraceId() } = correlation ?? {};
    const traceparent = correlation ? formatTraceparent(correlation) : null;
    const unstarted: StoredSaga = { status: 'running', state: undefined, version: 0, correlationId, traceId, traceparent };
    const started = this.take(saga, id, unstarted, { kind: 'event', type, data }, { cause: type, eventId });
    let stored = started.next;
    for (const early of await this.store.takeEarly(saga.id, id)) {
      const message: SagaMessage = { kind: 'event', type: early.type, data: early.data };
      ({ next: stored } = this.deliverTo(saga, id, stored, message, { cause: early.type, eventId: early.eventId }));
    }
  }

  private deliver(saga: SagaDefinition, id: string, stored: StoredSaga, message: SagaMessage, cause: Cause): Outcome {
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
      const taken = this.decideAndSave(saga, id, stored, message, cause);
      span.setAttributes({ [attribute.sagaAnswer]: taken.answer, [attribute.sagaStatus]: taken.next.status });
      return taken;
    });
  }

  private decideAndSave(saga: SagaDefinition, id: string, stored: StoredSaga, message: SagaMessage, cause: Cause) {
    const decision = this.decide(saga, stored, message);
    if (decision === 'ignored') {
      this.store.note(saga.id, id, stored, { ...cause, answer: 'ignored' });
      return { next: stored, answer: 'ignored' as const };
    }
    const version = stored.version + 1;
    const next = { ...stored, state: decision.state, status: statusAfter(decision, stored.status), version };
    this.store.save(saga, id, next, decision, stored.version > 0 ? stored : undefined);
    this.store.note(saga.id, id, next, { ...cause, answer: 'taken', decision });
    this.outbox.send(decision.commands ?? [], version);
    if (next.status === 'stuck' && stored.status !== 'stuck') this.alert(saga.id, id, decision.note);
    return { next, answer: 'taken' as const };
  }

  private decide(saga: SagaDefinition, { state, status }: StoredSaga, message: SagaMessage): SagaAnswer {
    const answer = saga.decide(state, message);
    const lifetimeOver = message.kind === 'timeout' && message.name === LIFETIME;
    return lifetimeOver ? endLifetime(state, answer, status) : answer;
  }

  /** Timeouts and operators' actions keep the correlation and trace in which the saga began. */
  private inCorrelationOf<T>({ correlationId, traceId, traceparent }: StoredSaga, cause: string, work: () => T): Promise<T> {
    const span = placeIn({ traceparent: traceparent ?? undefined }) ?? { traceId, spanId: newSpanId() };
    const correlation = { correlationId, causationId: uuid7(), ...span };
    return runWithCorrelation(correlation, () => inSpan(cause, { attributes: { [attribute.sagaCause]: cause } }, async () => work()));
  }

  private alert(saga: string, id: string, note = 'no reason given'): void {
    this.unitOfWork.current.onAfterCommit(() => this.logger.error(`ALERT: ${saga} ${clean(id, 100)} is stuck and needs a person: ${note}`));
  }
}
