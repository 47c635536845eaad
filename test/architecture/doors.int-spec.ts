import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Audience } from '@nestbox/access';
import type { Type } from '@nestjs/common';
import type { MigrationClass } from '@nestbox/database';
import { RegistryApp } from '../support/registry-app.js';
import { ShopApp } from '../support/shop-app.js';
import { operators } from '../support/tokens.js';

interface Route {
  readonly method: string;
  readonly path: string;
}

const root = process.cwd();
const tokens = {
  service: 'a-service-of-this-test',
  viewer: 'a-viewer-of-this-test',
  operator: 'an-operator-of-this-test',
  admin: 'an-admin-of-this-test',
};
type Visitor = 'nobody' | keyof typeof tokens;
const visitors: Visitor[] = ['nobody', 'service', 'viewer', 'operator', 'admin'];

const lets: Readonly<Record<Audience, readonly Visitor[]>> = {
  public: visitors,
  customer: [],
  guest: ['nobody'],
  internal: ['service', 'viewer', 'operator', 'admin'],
  service: ['service'],
  viewer: ['viewer', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
};

type Doors = Readonly<Record<string, Audience | readonly Audience[]>>;

/** Under /admin of every app with events. */
const admin: Doors = {
  'GET /admin/dead-letters': 'viewer',
  'GET /admin/dead-letters/causes': 'viewer',
  'GET /admin/dead-letters/:id': 'viewer',
  'GET /admin/dead-letters/:id/content': 'operator',
  'GET /admin/sagas': 'viewer',
  'GET /admin/sagas/:id': 'viewer',
  'POST /admin/sagas/:saga/:id/retry': 'operator',
  'POST /admin/sagas/:saga/:id/cancel': 'operator',
  'POST /admin/dead-letters/redrive': 'operator',
  'POST /admin/dead-letters/discard': 'operator',
  'POST /admin/dead-letters/:id/undo-discard': 'operator',
  'POST /admin/dead-letters/:id/edit': 'admin',
  'GET /admin/outbox': 'viewer',
  'POST /admin/outbox/pause': 'operator',
  'POST /admin/outbox/resume': 'operator',
  'GET /admin/consumers': 'viewer',
  'POST /admin/consumers/pause': 'operator',
  'POST /admin/consumers/resume': 'operator',
  'GET /admin/audit': 'viewer',
  'POST /admin/story/messages': 'viewer',
  'POST /admin/story/handlings': 'viewer',
  'GET /admin/projections': 'viewer',
  'GET /admin/projections/generations/:generation': 'viewer',
  'POST /admin/projections/:projection/rebuild': 'operator',
  'POST /admin/projections/:projection/replay': 'operator',
  'POST /admin/projections/generations/:generation/cancel': 'operator',
  'DELETE /admin/projections/generations/:generation': 'admin',
  'POST /admin/subjects/forget': 'admin',
};

const everywhere: Doors = { 'GET /health/live': 'public', 'GET /health/ready': 'public' };
const ofEvents: Doors = { ...everywhere, ...admin, 'GET /metrics': 'internal' };
const positions: Doors = { 'GET /positions': 'public', 'GET /positions/events': 'public' };

const writes: Audience[] = ['service', 'operator'];
const registry: Doors = {
  'GET /': 'public',
  'GET /contexts': 'public',
  'GET /v1/metadata/id': 'public',
  'GET /v1/metadata/version': 'public',
  'POST /compatibility/subjects/:subject/versions': 'internal',
  'POST /compatibility/subjects/:subject/versions/:version': 'internal',
  'GET /schemas': 'internal',
  'GET /schemas/types': 'internal',
  'GET /schemas/ids/:id': 'internal',
  'GET /schemas/ids/:id/schema': 'internal',
  'GET /schemas/ids/:id/subjects': 'internal',
  'GET /schemas/ids/:id/versions': 'internal',
  'GET /config': 'internal',
  'PUT /config': writes,
  'DELETE /config': writes,
  'GET /config/:subject': 'internal',
  'PUT /config/:subject': writes,
  'DELETE /config/:subject': writes,
  'GET /mode': 'internal',
  'PUT /mode': writes,
  'DELETE /mode': writes,
  'GET /mode/:subject': 'internal',
  'PUT /mode/:subject': writes,
  'DELETE /mode/:subject': writes,
  'GET /subjects': 'internal',
  'GET /subjects/:subject/versions': 'internal',
  'GET /subjects/:subject/versions/:version': 'internal',
  'GET /subjects/:subject/versions/:version/schema': 'internal',
  'GET /subjects/:subject/versions/:version/referencedby': 'internal',
  'POST /subjects/:subject/versions': writes,
  'POST /subjects/:subject': 'internal',
  'DELETE /subjects/:subject': writes,
  'DELETE /subjects/:subject/versions/:version': writes,
};

/** Every route of every app, and who may call it. One that is not listed here fails the walk. */
const doors: Readonly<Record<string, Doors>> = {
  accounts: {
    ...ofEvents,
    'POST /accounts': 'public',
    'POST /accounts/:id/confirm': 'public',
    'GET /accounts/me': 'customer',
    'POST /sessions': 'public',
    'POST /sessions/refresh': 'public',
    'DELETE /sessions': 'public',
    'GET /.well-known/jwks.json': 'public',
  },
  analytics: { ...ofEvents, 'GET /reports/revenue': 'internal', 'GET /reports/funnel': 'internal', 'GET /reports/sign-ups': 'internal' },
  checkout: { ...ofEvents, 'POST /orders': 'public', 'GET /orders/:id': ['customer', 'guest', 'viewer'], 'POST /orders/:id/cancel': ['customer', 'guest', 'operator'] },
  email: { ...ofEvents, 'GET /emails': 'viewer' },
  fulfilment: { ...ofEvents, 'GET /sagas': 'viewer', 'GET /sagas/:orderId': 'viewer' },
  inventory: { ...ofEvents, 'PUT /products/:sku': 'operator', 'GET /products/:sku': 'public' },
  payments: { ...ofEvents, 'GET /payments/:orderId': 'viewer', 'GET /ledger': 'viewer', 'GET /sandbox': 'operator', 'PUT /sandbox': 'operator' },
  registry: { ...everywhere, ...registry },
  search: { ...ofEvents, ...positions, 'GET /search': 'viewer' },
  shipping: { ...ofEvents, 'GET /shipments/:orderId': 'viewer', 'PUT /sandbox': 'operator' },
};

type Running = Pick<ShopApp, 'app' | 'url' | 'stop'>;

async function start(app: string, known: typeof tokens | object = tokens): Promise<Running> {
  if (app === 'registry') return RegistryApp.start(operators(known), false);
  const source = join(root, 'apps', app, 'src');
  const exported = (await import(join(source, `${app}.module.ts`))) as Record<string, Type>;
  const { migrations } = (await import(join(source, 'persistence', 'migrations', 'index.ts'))) as {
    migrations: MigrationClass[];
  };
  return ShopApp.start(Object.values(exported)[0]!, migrations, { operators: operators(known) });
}

/** As the HTTP server has them, whoever put them there, but for the documentation, which is no route of Nest's. */
function routesOf({ app }: Running): Route[] {
  type Layer = { route?: { path: string; methods: Record<string, boolean> } };
  const { stack } = (app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } }).router;
  const routes = stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })) : [],
  );
  return routes.filter(({ path }) => !path.startsWith('/docs'));
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const routeOf = (door: string): Route => ({ method: door.split(' ')[0]!, path: door.split(' ')[1]! });

async function knock({ url }: Running, { method, path }: Route, token?: string) {
  const response = await fetch(url + path.replaceAll(/:\w+/g, '1'), {
    method,
    headers: { 'content-type': 'application/json', connection: 'close', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; message?: string; paths?: object };
  return { status: response.status, headers: response.headers, body };
}

describe.each(readdirSync(join(root, 'apps')))('The doors of %s', (name) => {
  let app: Running;

  beforeAll(async () => {
    app = await start(name);
  });
  afterAll(() => app?.stop());

  it('all say who may pass', async () => {
    const silent = [];
    for (const route of routesOf(app)) {
      const { body } = await knock(app, route, tokens.admin);
      if (body.code === 'AUDIENCE_UNDECLARED' || body.message?.startsWith('This route does not say')) silent.push(nameOf(route));
    }
    expect(silent).toEqual([]);
  });

  // An app that has just been added has no row yet.
  const known = doors[name] ?? {};
  (doors[name] ? it : it.skip)('are those that this table knows', () => {
    expect(routesOf(app).map(nameOf).sort()).toEqual(Object.keys(known).sort());
  });

  it.each(visitors)('let %s do what the table says, and no more', async (visitor) => {
    const wrong = [];
    for (const [door, audience] of Object.entries(known)) {
      const { status } = await knock(app, routeOf(door), visitor === 'nobody' ? undefined : tokens[visitor]);
      const isIn = [audience].flat().some((one: Audience) => lets[one].includes(visitor));
      const refused = visitor === 'nobody' ? 401 : 403;
      if ((status === refused) === isIn) wrong.push(`${door} answers ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(['/docs', '/docs-json', '/docs-yaml', '/docs/'])('show %s only to those who are let in to what is internal', async (path) => {
    const at = { method: 'GET', path };
    expect((await knock(app, at)).status).toBe(401);
    expect((await knock(app, at, tokens.service)).status).not.toBe(401);
  });
});

describe('The doors of an app', () => {
  let app: Running;
  const closed = Object.entries(doors.search!).filter(([, audience]) => audience !== 'public').map(([door]) => routeOf(door));

  beforeAll(async () => {
    app = await start('search');
  });
  afterAll(() => app?.stop());

  it.each([
    ['an unknown token', 'somebody-else-entirely'],
    ['half a token', tokens.admin.slice(0, 8)],
  ])('turn %s away', async (_what, token) => {
    for (const route of closed) {
      const { status, headers, body } = await knock(app, route, token);
      expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 401, 'TOKEN_UNKNOWN']);
      expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
  });

  it('say in one line what would open them', async () => {
    const { body } = await knock(app, routeOf('POST /admin/dead-letters/discard'), tokens.viewer);
    expect(body).toMatchObject({
      code: 'ROLE_MISSING',
      detail: 'This takes the role operator, and the token is of the role viewer: send a token of that role.',
    });
  });

  it('stand in the description of the app', async () => {
    const { body } = await knock(app, routeOf('GET /docs-json'), tokens.viewer);
    expect(Object.keys(body.paths!)).toContain('/admin/dead-letters/redrive');
  });

  it('let nobody in where no token is set, whatever is sent', async () => {
    const shut = await start('search', {});
    try {
      for (const route of closed) {
        for (const token of [undefined, tokens.admin]) {
          const { status, body } = await knock(shut, route, token);
          expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 403, 'ACCESS_CLOSED']);
        }
      }
    } finally {
      await shut.stop();
    }
  });
});
