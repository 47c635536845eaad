import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FoundMessage } from '@nestbox/telemetry';
import { Progress } from '../../progress.js';
import { askForStory } from './ask.js';

const capture: FoundMessage = {
  eventId: 'capture', type: 'CapturePayment', kind: 'command', producer: 'fulfilment', topic: 'payments.commands', key: 'order-1', version: 1,
  correlationId: 'order-1', causationId: 'placed', traceId: 'trace-1', occurredAt: '2026-11-23T12:00:00.000Z',
  place: { in: 'topic', partition: 0, offset: '7', at: '2026-11-23T12:00:00.012Z' },
};
const saga = {
  saga: 'fulfilment.fulfil-order', id: 'order-1', status: 'running', note: null, startedAt: capture.occurredAt, changedAt: capture.occurredAt,
  endedAt: null, waitsFor: [],
};

describe('a story, asked for while an app stands still', () => {
  const asked: string[] = [];
  const servers: Server[] = [];

  /** An app that answers the health check and the given paths. Without `answers` it accepts connections and never answers. */
  async function app(name: string, answers?: Record<string, (body: { instead?: string[] }) => object>): Promise<string> {
    const server = createServer((request, response) => {
      asked.push(`${name} ${request.url}`);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as object;
        if (answers) response.end(JSON.stringify(answers[request.url!]?.(body) ?? {}));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `${name}=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  afterAll(() => {
    for (const server of servers) server.closeAllConnections();
    return Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it('is told by the others, who read its topics and see where its group is, and stands with it', async () => {
    const payments = await app('payments');
    const fulfilment = await app('fulfilment', {
      '/admin/story/messages': ({ instead }) => ({ messages: instead?.includes('payments') ? [capture] : [], outboxStands: null }),
      '/admin/story/handlings': () => ({ handlings: [], sagas: [saga] }),
    });
    const asking = { options: { app: [payments, fulfilment] }, env: {}, progress: new Progress(process.stderr), signal: new AbortController().signal };
    const { story } = await askForStory('order-1', new Date(0), asking);
    expect(story!.silent).toEqual(['payments']);
    expect(story!.standings[0]).toMatchObject({ where: 'service', app: 'payments', type: 'CapturePayment', since: '2026-11-23T12:00:00.012Z' });
    expect(asked.filter((one) => one.startsWith('payments'))).toEqual(['payments /health/live']);
  });
});
