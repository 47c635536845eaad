import { trace } from '@opentelemetry/api';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import kafkajs from 'kafkajs';
import { createClient } from './client.js';

interface Patching {
  init(): { patch(module: unknown, version: string): unknown; unpatch(module: unknown): void };
}

describe('kafkajs under OpenTelemetry’s own instrumentation', () => {
  const collected = new InMemorySpanExporter();
  const patching = (new KafkaJsInstrumentation() as unknown as Patching).init();

  beforeAll(() => {
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(collected)] }));
    patching.patch(kafkajs, '2.2.4');
  });
  afterAll(() => {
    patching.unpatch(kafkajs);
    trace.disable();
  });

  const producing = async (client: { producer(): { send(batch: object): Promise<unknown> } }) => {
    await client.producer().send({ topic: 'checkout.orders', messages: [{ value: 'x' }] }).catch(() => undefined);
    return collected.getFinishedSpans().length;
  };

  it('makes no second spans of ours, and keeps its own of others', async () => {
    const options = { brokers: ['127.0.0.1:1'], clientId: 'test' };
    const theirs = new kafkajs.Kafka({ ...options, retry: { retries: 0 }, logLevel: kafkajs.logLevel.NOTHING });
    expect(await producing(theirs as never)).toBe(1);
    collected.reset();
    expect(await producing(createClient(options) as never)).toBe(0);
  });
});
