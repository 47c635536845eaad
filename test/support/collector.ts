import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

type Value = string | number | boolean;

export interface CollectedSpan {
  readonly service: Value;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, Value>>;
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}
type SentSpan = Omit<CollectedSpan, 'service' | 'attributes' | 'links' | 'failed'> & {
  readonly attributes?: readonly Attribute[];
  readonly links?: CollectedSpan['links'];
  readonly status?: { readonly code?: number };
};

/** Takes what an OTLP exporter posts, as a collector does. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** Every request's body, as it came. */
  readonly bodies: string[] = [];
  private readonly server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      this.take(request.url!, body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  /** `port`: that of an earlier one which somebody goes on sending to. */
  static async start(port = 0): Promise<Collector> {
    const collector = new Collector();
    collector.server.listen(port, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  ofTrace(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(url: string, body: string): void {
    if (url !== '/v1/traces') throw new Error(`An exporter posts to ${url}.`);
    this.bodies.push(body);
    for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
      const service = valuesOf(resource.attributes)['service.name']!;
      for (const { attributes = [], links = [], status, ...span } of scopeSpans.flatMap(({ spans }) => spans)) {
        const { parentSpanId } = span;
        const failed = status?.code === 2;
        this.spans.push({ ...span, parentSpanId: parentSpanId || undefined, service, attributes: valuesOf(attributes), links, failed });
      }
    }
  }
}

function valuesOf(attributes: readonly Attribute[]): Record<string, Value> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]!]));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
