import type { AddressInfo } from 'node:net';
import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Get, Inject, Module, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { DatabaseModule, UnitOfWork } from '@nestbox/database';
import { scratchDatabase } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { currentCorrelation } from '@nestbox/kernel';
import { eventually } from '@nestbox/kernel/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { configureApp } from './bootstrap/configure-app.js';
import { Config } from './config/config.js';
import { PlatformModule } from './platform.module.js';

const Basket = z.strictObject({ sku: z.string(), quantity: z.int().min(1) });

interface Answer {
  correlationId?: string;
  paths?: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }>;
}

class CreateBaskets1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE baskets (id int PRIMARY KEY)');
  }
  async down(): Promise<void> {}
}

class Warehouse {
  open = true;
  async problem(): Promise<string | undefined> {
    return this.open ? undefined : 'the warehouse is closed';
  }
}

@Controller('baskets')
@AllowedTo('public')
class BasketsController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post('kept')
  keep() {
    return this.unitOfWork.run(() => this.unitOfWork.query('INSERT INTO baskets VALUES (1) ON CONFLICT DO NOTHING'));
  }

  @Post()
  fill(@Body({ schema: Basket }) basket: z.output<typeof Basket>) {
    return { ...basket, correlationId: currentCorrelation()?.correlationId };
  }

  @Get('broken')
  broken() {
    throw new Error('SELECT secret FROM baskets');
  }
}

@Module({
  imports: [
    PlatformModule.forRoot({ app: 'checkout', migrations: [CreateBaskets1700000000000], probes: [Warehouse] }),
    DatabaseModule.forRootAsync({ inject: [Config], useFactory: (config: Config) => ({ url: config.databaseUrl }) }),
  ],
  controllers: [BasketsController],
  providers: [Warehouse],
})
class BasketModule {}

describe('an app on the platform', () => {
  let database: ScratchDatabase;
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    database = await scratchDatabase([CreateBaskets1700000000000]);
    const module = await Test.createTestingModule({ imports: [BasketModule] })
      .overrideProvider(Config)
      .useValue({ app: 'checkout', databaseUrl: database.url, development: true })
      .compile();
    app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
    await configureApp(app);
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  async function send(path: string, body?: string, headers: Record<string, string> = {}) {
    const init = body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(url + path, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  }

  it('carries the correlation id from the request into the handler and back', async () => {
    const answer = await send('/baskets', '{"sku":"mug-blue","quantity":2}', { 'x-correlation-id': 'basket-42' });
    expect(answer.status).toBe(201);
    expect(answer.body.correlationId).toBe('basket-42');
    expect(answer.headers.get('x-correlation-id')).toBe('basket-42');
  });

  it.each([
    ['an unknown field', '{"sku":"mug-blue","quantity":1,"colour":"blue"}', 400],
    ['a fraction', '{"sku":"mug-blue","quantity":1.5}', 400],
    ['no body', '', 400],
    ['half a body', '{"sku":', 400],
    ['a body nested too deeply', `{"sku":${'['.repeat(40_000)}${']'.repeat(40_000)}}`, 400],
    ['a body over the limit', JSON.stringify({ sku: 'x'.repeat(200_000), quantity: 1 }), 413],
    ['__proto__ for a field', '{"__proto__":{"quantity":1},"sku":"mug-blue"}', 400],
  ])('answers %s with problem details', async (_fault, body, status) => {
    const answer = await send('/baskets', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, instance: '/baskets', correlationId: expect.any(String), traceId: expect.any(String) });
  });

  it('names the field that is wrong', async () => {
    const { body } = await send('/baskets', '{"sku":"mug-blue","quantity":0}');
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'quantity' }] });
  });

  it('keeps the inside of a failure to itself', async () => {
    const { status, body } = await send('/baskets/broken');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|stack|\.ts/);
  });

  it('answers an unknown route with problem details', async () => {
    expect(await send('/wishes')).toMatchObject({ status: 404, body: { type: 'about:blank', status: 404 } });
  });

  it('is alive, and ready while database, migrations and probes are', async () => {
    expect((await send('/health/live')).body).toEqual({ app: 'checkout', pid: process.pid });
    expect(await send('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('says why it is not ready', async () => {
    app.get(Warehouse).open = false;
    const { status, body } = await send('/health/ready');
    app.get(Warehouse).open = true;
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'NOT_READY', reasons: ['the warehouse is closed'] });
  });

  it('is not ready on a database that has become read-only, and asks for another try', async () => {
    expect((await send('/baskets/kept', '{}')).status).toBe(201);
    await becomeReadOnly(true);
    const { status, headers, body } = await send('/baskets/kept', '{}');
    expect([status, body, headers.get('retry-after')]).toMatchObject([503, { code: 'UNAVAILABLE' }, '1']);
    expect((await send('/health/ready')).body).toMatchObject({ reasons: ['cannot write: the database is read-only'] });
    await becomeReadOnly(false);
    expect((await send('/baskets/kept', '{}')).status).toBe(201);
    expect((await send('/health/ready')).status).toBe(200);
  });

  /** As after a failover: connections break, and new ones come to a server that refuses to write. */
  async function becomeReadOnly(on: boolean): Promise<void> {
    const admin = new Client({ connectionString: process.env.TEST_DATABASE_URL });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = ${on}`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
    await admin.end();
    await eventually(async () => expect((await app.get(DataSource).query('SHOW default_transaction_read_only'))[0]).toEqual({ default_transaction_read_only: on ? 'on' : 'off' }));
  }

  it('documents its routes and the schema of their bodies', async () => {
    const { body } = await send('/docs-json');
    const post = body.paths?.['/baskets']?.post.requestBody.content['application/json']?.schema;
    expect(post).toMatchObject({ required: ['sku', 'quantity'], additionalProperties: false });
    expect((await fetch(`${url}/docs`)).status).toBe(200);
  });
});
