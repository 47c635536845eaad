import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { withinMs } from '@nestbox/kernel';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TracingConfig } from '../config/config.js';
import { collecting } from './collecting.js';
import type { Tracing } from './tracing.port.js';

const LAST_EXPORT_MS = 5_000;

/** OpenTelemetry's SDK, exporting over OTLP. Other settings come from its OTEL_ variables. */
export class Collected implements Tracing {
  private readonly provider: BasicTracerProvider;

  constructor(app: string, { endpoint, share }: TracingConfig) {
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const named = process.env.OTEL_SERVICE_NAME ?? app;
    this.provider = new BasicTracerProvider({
      resource: defaultResource().merge(resourceFromAttributes({ 'service.name': named, 'service.namespace': 'nestbox' })),
      sampler: collecting(share),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    // No baggage: untrusted values would be passed on to every service.
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(this.provider);
  }

  async stop(): Promise<void> {
    await withinMs(LAST_EXPORT_MS, () => this.provider.shutdown().catch(() => undefined), () => undefined);
    // Lets tracing start again in the same process, for tests.
    for (const global of [trace, context, propagation]) global.disable();
  }
}
