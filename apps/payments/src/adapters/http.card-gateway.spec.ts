import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { runWithCorrelation } from '@nestbox/kernel';
import { GatewayUnclear } from '../domain/card-gateway.js';
import { HttpCardGateway } from './http.card-gateway.js';

const correlation = { correlationId: 'basket-42', causationId: 'request-1', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const charge = { key: 'order-1:capture', cardToken: 'card-visa-4242', amountCents: 1250 };

describe('the span of a question to the card provider', () => {
  const collected = new InMemorySpanExporter();
  let provider: Server;
  let status: number;
  let heard: IncomingHttpHeaders;
  let port: number;

  beforeAll(async () => {
    provider = createServer((request, response) => {
      heard = request.headers;
      if (status === 0) request.socket.destroy();
      else request.resume().on('end', () => response.writeHead(status).end('{"reason":"card_declined"}'));
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    port = (provider.address() as AddressInfo).port;
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(collected)] }));
  });
  beforeEach(() => collected.reset());
  afterAll(async () => {
    trace.disable();
    context.disable();
    provider.closeAllConnections();
    provider.close();
    await once(provider, 'close');
  });

  /** The span of a charge that the provider answers with this status; 0 breaks the connection. */
  async function spanWhile(answering: number) {
    status = answering;
    const gateway = new HttpCardGateway({ url: `http://127.0.0.1:${port}/v1/`, secret: 'the-secret' });
    await runWithCorrelation(correlation, () => gateway.charge(charge)).catch(() => undefined);
    const spans = collected.getFinishedSpans();
    expect(spans).toHaveLength(1);
    return spans[0]!;
  }

  it('is a client’s, in the trace of the order, and the provider is told of it', async () => {
    const span = await spanWhile(200);
    expect(span).toMatchObject({ name: 'POST', kind: SpanKind.CLIENT, parentSpanContext: { traceId: correlation.traceId, spanId: correlation.spanId } });
    expect(span.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `http://127.0.0.1:${port}/v1/charges`,
    });
    expect(heard.traceparent).toBe(`00-${correlation.traceId}-${span.spanContext().spanId}-01`);
  });

  it('has not failed when the card is declined: the provider has answered', async () => {
    const { status: told, attributes } = await spanWhile(402);
    expect(told.code).toBe(SpanStatusCode.UNSET);
    expect(attributes).toMatchObject({ 'http.response.status_code': 402 });
  });

  it('has failed when it is left unclear, and says how, without a word of what was asked', async () => {
    const busy = await spanWhile(503);
    expect(busy).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': '503' } });
    collected.reset();
    const silent = await spanWhile(0);
    expect(silent).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'GatewayUnclear' } });
    expect(JSON.stringify([busy.attributes, silent.attributes, silent.events])).not.toMatch(/secret|visa|order-1/);
  });

  describe('and the outcome of a charge', () => {
    const answered = async (answering: number) => {
      status = answering;
      return new HttpCardGateway({ url: `http://127.0.0.1:${port}` }).charge(charge);
    };

    it('is what the provider says, and only a 402 is a refusal of the card', async () => {
      expect(await answered(201)).toEqual({ kind: 'charged' });
      expect(await answered(402)).toEqual({ kind: 'declined', reason: 'card_declined' });
    });

    it.each([0, 302, 403, 409, 429, 500, 503])('is not known after %i: the card may have been charged', async (answering) => {
      await expect(answered(answering)).rejects.toThrow(GatewayUnclear);
    });

    it('can be asked for again under the same key', async () => {
      const keys: unknown[] = [];
      for (const answering of [503, 200]) {
        await answered(answering).catch(() => undefined);
        keys.push(heard['idempotency-key']);
      }
      expect(keys).toEqual([charge.key, charge.key]);
    });
  });
});
