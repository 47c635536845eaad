import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { MigrationClass } from '@nestbox/database';
import { ShopApp } from '../support/shop-app.js';

interface Route {
  readonly method: string;
  readonly path: string;
}

const root = process.cwd();
const tokens = {
  viewer: 'a-viewer-of-this-test',
  operator: 'an-operator-of-this-test',
  admin: 'an-admin-of-this-test',
};

/** What each door takes at the least. A route that is not listed here fails the walk. */
const doors: Record<string, keyof typeof tokens> = {
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

async function start(app: string, adminTokens = {}): Promise<ShopApp> {
  const source = join(root, 'apps', app, 'src');
  const exported = (await import(join(source, `${app}.module.ts`))) as Record<string, Type>;
  const { migrations } = (await import(join(source, 'persistence', 'migrations', 'index.ts'))) as {
    migrations: MigrationClass[];
  };
  return ShopApp.start(Object.values(exported)[0]!, migrations, { adminTokens });
}

/** As the HTTP server has them, whoever put them there. */
function routesOf({ app }: ShopApp): Route[] {
  type Layer = { route?: { path: string; methods: Record<string, boolean> } };
  const { stack } = (app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } }).router;
  return stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })) : [],
  );
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;

function knock(app: ShopApp, { method, path }: Route, token?: string) {
  const body = method === 'GET' ? undefined : {};
  return app.send<{ code?: string }>(
    method,
    path.replaceAll(/:\w+/g, '1'),
    body,
    token ? { authorization: `Bearer ${token}` } : {},
  );
}

// The registry has no events; who may write to it is for its own tests.
const apps = readdirSync(join(root, 'apps')).filter((app) => app !== 'registry');

describe.each(apps)('The doors of %s', (name) => {
  let app: ShopApp;
  let admin: Route[] = [];

  beforeAll(async () => {
    app = await start(name);
    admin = routesOf(app).filter(({ path }) => /^\/admin(\/|$)/.test(path));
  });
  afterAll(() => app?.stop());

  it('are those that this table of rights knows', () => {
    expect(routesOf(app).map(nameOf)).toContain('GET /health/live');
    expect(admin.map(nameOf).sort()).toEqual(Object.keys(doors).sort());
  });

  it('let nobody in where no token is set, whatever is sent', async () => {
    for (const route of admin) {
      for (const token of [undefined, tokens.admin]) {
        const { status, body } = await knock(app, route, token);
        expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 403, 'ADMIN_CLOSED']);
      }
    }
  });
});

describe('The doors of an app with tokens', () => {
  let app: ShopApp;
  const routes = Object.keys(doors).map((door) => ({ method: door.split(' ')[0]!, path: door.split(' ')[1]! }));

  beforeAll(async () => {
    app = await start('search', tokens);
  });
  afterAll(() => app?.stop());

  it.each([
    ['no token', undefined],
    ['an unknown token', 'somebody-else-entirely'],
    ['half a token', tokens.admin.slice(0, 8)],
  ])('turn %s away', async (_what, token) => {
    for (const route of routes) {
      const { status, body } = await knock(app, route, token);
      expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 401, 'ADMIN_TOKEN_UNKNOWN']);
    }
  });

  it.each(Object.keys(tokens) as (keyof typeof tokens)[])(
    'let a %s do what the table of rights says, and no more',
    async (role) => {
      const ranks = Object.keys(tokens);
      for (const route of routes) {
        const { status } = await knock(app, route, tokens[role]);
        const isLetIn = ranks.indexOf(role) >= ranks.indexOf(doors[nameOf(route)]!);
        expect([nameOf(route), status === 403]).toEqual([nameOf(route), !isLetIn]);
        expect(status).not.toBe(401);
      }
    },
  );

  it('say in one line what would open them', async () => {
    const { body } = await app.send<{ detail: string }>(
      'POST',
      '/admin/dead-letters/discard',
      {},
      { authorization: `Bearer ${tokens.viewer}` },
    );
    expect(body).toMatchObject({
      code: 'ADMIN_RIGHT_MISSING',
      detail: 'This takes the role operator, and the token is of a viewer: send a token of that role.',
    });
  });

  it('stand in the description of the app', async () => {
    const { body } = await app.get<{ paths: Record<string, unknown> }>('/docs-json');
    expect(Object.keys(body.paths)).toContain('/admin/dead-letters/redrive');
  });
});
