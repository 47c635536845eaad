import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '@nestbox/access';
import { DatabaseModule } from '@nestbox/database';
import { EventingModule } from '@nestbox/eventing';
import type { OperationsOption } from '@nestbox/eventing';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RunningContext } from '../../../test/support/eventing/running-context.fixture.js';
import { shopTopics } from '../../../test/support/eventing/shop.fixture.js';
import { AlertMonitor } from './alerting/alert-monitor.js';

describe('the doors for operators', () => {
  let stop: () => Promise<void>;
  afterEach(() => stop());

  const serve = async (operations?: OperationsOption): Promise<{ app: INestApplication; status: (path: string) => Promise<number> }> => {
    const database = await RunningContext.database();
    const options = { context: 'checkout', topics: shopTopics, broker: new InMemoryBroker(), operations, operators: [{ name: 'ada', role: 'viewer' as const, digest: digestOf('look') }] };
    @Module({ imports: [DatabaseModule.forRoot({ url: database.url }), EventingModule.forRoot(options)] })
    class ShopModule {}
    const app = (await Test.createTestingModule({ imports: [ShopModule] }).compile()).createNestApplication();
    stop = () => app.close().then(() => database.drop());
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    const headers = { authorization: 'Bearer look' };
    return { app, status: async (path) => (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status };
  };

  it('are at /admin and /metrics unless told otherwise', async () => {
    const { status } = await serve();
    expect(await Promise.all(['/admin/dead-letters', '/metrics'].map(status))).toEqual([200, 200]);
  });

  it('are below a path of the app that names one', async () => {
    const { status } = await serve({ path: 'ops' });
    expect(await Promise.all(['/ops/admin/dead-letters', '/ops/metrics'].map(status))).toEqual([200, 200]);
    expect(await Promise.all(['/admin/dead-letters', '/metrics'].map(status))).toEqual([404, 404]);
  });

  it('are nowhere, and no alerts are raised, in an app that leaves them out', async () => {
    const { app, status } = await serve(false);
    expect(await Promise.all(['/admin/dead-letters', '/metrics'].map(status))).toEqual([404, 404]);
    expect(() => app.get(AlertMonitor, { strict: false })).toThrow(/AlertMonitor/);
  });
});
