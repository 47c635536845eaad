import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { migrate } from '@nestbox/database';
import { scratchDatabase, withClient } from '@nestbox/database/testing';
import type { ScratchDatabase } from '@nestbox/database/testing';
import { Config, configureApp } from '@nestbox/platform';
import { migrations } from '../../apps/registry/src/persistence/migrations/index.js';
import { operators as operatorTokens } from './tokens.js';
import { RegistryModule } from '../../apps/registry/src/registry.module.js';

export interface RegistryAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

/** The registry as it really runs: on a database of its own, with an app's rights and no more. */
export class RegistryApp {
  private constructor(
    readonly app: NestExpressApplication,
    private readonly database: ScratchDatabase,
    readonly url: string,
  ) {}

  /** The token that writes. */
  static readonly token = 'operator-of-the-registry';

  static async start(operators: Config['operators'] = operatorTokens({ operator: RegistryApp.token }), development = true): Promise<RegistryApp> {
    const database = await scratchDatabase();
    const asApp = await withRoleOfApp(database.url, database.name);
    const testing = await Test.createTestingModule({ imports: [RegistryModule] })
      .overrideProvider(Config)
      .useValue(new Config({ app: 'registry', databaseUrl: asApp, operators, development } as Config))
      .compile();
    const app = testing.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: ['error'] });
    await configureApp(app);
    await app.listen(0, '127.0.0.1');
    return new RegistryApp(app, database, `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
  }

  /** As a client is told to find it, allowed to write. */
  get urlToWrite(): string {
    return this.url.replace('http://', `http://shop:${RegistryApp.token}@`);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
    await withClient(process.env.TEST_DATABASE_URL!, (client) => client.query(`DROP ROLE IF EXISTS ${this.database.name}`));
  }

  async send(method: string, path: string, body?: unknown, token: string | null = RegistryApp.token): Promise<RegistryAnswer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': 'application/vnd.schemaregistry.v1+json',
        ...(token === null ? {} : { authorization: `Basic ${Buffer.from(`shop:${token}`).toString('base64')}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    return { status: response.status, type, body: text === '' ? undefined : parsed(text) };
  }

  get(path: string): Promise<RegistryAnswer> {
    return this.send('GET', path, undefined, null);
  }

  async register(subject: string, schema: object | string, schemaType = 'AVRO', rest: object = {}): Promise<RegistryAnswer> {
    const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
    return this.send('POST', `/subjects/${subject}/versions`, { schema: text, schemaType, ...rest });
  }
}

async function withRoleOfApp(url: string, role: string): Promise<string> {
  await withClient(url, (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`));
  await migrate({ url, migrations, appRoles: [role] });
  const asApp = new URL(url);
  [asApp.username, asApp.password] = [role, role];
  return asApp.toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
