import { ProjectsEvent } from '@nestbox/consumer';
import { migrate } from '@nestbox/database';
import { runWithCorrelation } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { Projections } from '@nestbox/projections';
import { defineSaga, Saga, sagaMigrations } from '@nestbox/sagas';
import { Controller, Injectable } from '@nestjs/common';
import { context as otelContext, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { OrderRepository, RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { Order, OrderPlaced } from '../../../../test/support/eventing/shop.fixture.js';
import { InMemoryBroker } from '../testing/in-memory.broker.js';

const story = { correlationId: 'basket-42', causationId: 'request-1', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

@Controller()
class Counting {
  @ProjectsEvent(OrderPlaced, { id: 'search.count', batch: true, tables: ['counts'] })
  placed(): void {}
}

@Saga(
  defineSaga<{ orderId: string }>({
    id: 'checkout.remind',
    starts: OrderPlaced,
    hears: [],
    lifetimeMs: 60_000,
    decide: (state, message) =>
      state
        ? { state, done: 'completed' }
        : { state: (message as { data: { orderId: string } }).data, timeouts: { remind: 20 } },
  }),
)
@Injectable()
class Reminding {}

describe('spans of messages', () => {
  const collected = new InMemorySpanExporter();
  const spans = (name: string) => collected.getFinishedSpans().filter((span) => span.name === name);
  const idOf = (span: ReadableSpan) => span.spanContext().spanId;

  beforeAll(() => {
    otelContext.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(collected)] }));
  });
  afterEach(() => collected.reset());
  afterAll(() => {
    trace.disable();
    otelContext.disable();
  });

  async function start(...providers: (typeof Reminding)[]): Promise<RunningContext> {
    const database = await RunningContext.database();
    await migrate({ url: database.url, migrations: sagaMigrations });
    return RunningContext.start({ broker: new InMemoryBroker(), database, handlers: [Counting], providers });
  }
  const stop = async (context: RunningContext) => {
    await context.stop();
    await context.database.drop();
  };
  /** Several orders of one key in one transaction, so that they are published and handled as one batch. */
  const placeTogether = (context: RunningContext, count: number, within: typeof story & { sampled?: boolean }) =>
    runWithCorrelation(within, () =>
      context.unitOfWork.run(async () => {
        const order = Order.place(100);
        for (let n = 1; n < count; n++) order.cancel();
        await context.app.get(OrderRepository).save(order);
      }),
    );

  it('are below the message where it is alone: written, sent and handled in the trace of the request', async () => {
    const context = await start();
    await placeTogether(context, 1, story);
    await eventually(() => expect(spans('process checkout.orders')).toHaveLength(1));
    const [[create], [send], [process]] = ['create', 'send', 'process'].map((name) => spans(`${name} checkout.orders`));
    expect(create).toMatchObject({ kind: SpanKind.PRODUCER, parentSpanContext: { traceId: story.traceId, spanId: story.spanId } });
    expect(send).toMatchObject({ kind: SpanKind.CLIENT, parentSpanContext: { spanId: idOf(create!) } });
    expect(process).toMatchObject({ kind: SpanKind.CONSUMER, parentSpanContext: { spanId: idOf(create!) } });
    expect(process!.attributes).toMatchObject({
      'messaging.message.conversation_id': 'basket-42',
      'messaging.consumer.group.name': 'checkout',
      'nestbox.handler.id': 'search.count',
      'nestbox.event.type': 'OrderPlaced',
      'nestbox.dwell.outbox_seconds': expect.any(Number),
      'nestbox.dwell.broker_seconds': expect.any(Number),
      'nestbox.dwell.queue_seconds': expect.any(Number),
      'messaging.system.name': 'in_memory',
    });
    await stop(context);
  });

  it('are linked to the messages of a batch', async () => {
    const context = await start();
    await placeTogether(context, 3, story);
    await eventually(() => expect(spans('send checkout.orders')).toHaveLength(1));
    const creates = spans('create checkout.orders').map(idOf);
    expect(creates).toHaveLength(3);
    const [send] = spans('send checkout.orders');
    expect(send!.parentSpanContext).toBeUndefined();
    expect(send!.links.map((link) => link.context.spanId)).toEqual(creates);
    expect(send!.attributes).toMatchObject({ 'messaging.batch.message_count': 3 });
    await stop(context);
  });

  it('are none where nobody wants the trace collected', async () => {
    const context = await start();
    await placeTogether(context, 1, { ...story, sampled: false });
    await eventually(async () => expect(await context.query('SELECT FROM nestbox.inbox')).toHaveLength(1));
    expect(collected.getFinishedSpans().filter((span) => span.spanContext().traceId === story.traceId)).toEqual([]);
    expect(spans('process checkout.orders')).toEqual([]);
    await stop(context);
  });

  it('of a view that is built anew are those of the batches that go into it, each in a trace of its own', async () => {
    const context = await start();
    await context.query('CREATE TABLE counts (orders int)');
    await placeTogether(context, 3, story);
    await eventually(() => expect(spans('process checkout.orders')).toHaveLength(1));
    await context.app.get(Projections).rebuild('search.count', { actor: 'ada', reason: 'a rule has changed' });
    await eventually(() => expect(spans('replay checkout.orders')).toHaveLength(1));
    const [replay] = spans('replay checkout.orders');
    expect(replay).toMatchObject({ kind: SpanKind.INTERNAL, parentSpanContext: undefined });
    expect(replay!.attributes).toMatchObject({
      'messaging.operation.name': 'replay',
      'messaging.destination.name': 'checkout.orders',
      'messaging.destination.partition.id': expect.stringMatching(/^\d$/),
      'messaging.batch.message_count': 3,
    });
    await stop(context);
  });

  it('of a timeout belong to the trace that its saga began in', async () => {
    const context = await start(Reminding);
    await placeTogether(context, 1, story);
    await eventually(() => expect(spans('timeout remind')).toHaveLength(1));
    const [began] = spans('process checkout.orders').filter(({ attributes }) => attributes['nestbox.handler.id'] === 'checkout.remind');
    expect(spans('timeout remind')[0]).toMatchObject({ parentSpanContext: { traceId: story.traceId, spanId: idOf(began!) } });
    expect(spans('saga checkout.remind').map(({ attributes }) => attributes['nestbox.saga.status'])).toEqual(['running', 'completed']);
    await stop(context);
  });
});
