import type { UserSignedUp } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import { freePorts } from '../../../test/support/free-ports.js';
import { ShopApp } from '../../../test/support/shop-app.js';
import { AccountsModule } from './accounts.module.js';
import type { Session } from './commands/entrance.js';
import { migrations } from './persistence/migrations/index.js';

const password = 'correct horse battery';

describe('accounts', () => {
  let accounts: ShopApp;

  beforeAll(async () => {
    const [port] = (await freePorts(1)) as [number];
    accounts = await ShopApp.start(AccountsModule, migrations, { port, accountsUrl: `http://127.0.0.1:${port}` });
  });
  afterAll(() => accounts?.stop());

  const nobody = { authorization: undefined };
  const signUp = (email: string) => accounts.send('POST', '/accounts', { email, password }, nobody);
  const signIn = (email: string, secret = password) => accounts.send<Session & { code?: string }>('POST', '/sessions', { email, password: secret }, nobody);
  const signedUp = (email: string) => accounts.said('accounts.users').filter(({ data }) => (data as UserSignedUp).email === email).map(({ data }) => data as UserSignedUp);
  const as = (token: string) => ({ authorization: `Bearer ${token}` });

  it('signs somebody up once, however the address is spelt, and answers as if each were new', async () => {
    const answers = [await signUp('ada@example.com'), await signUp('Ada@Example.com')];
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(Array(2).fill({ status: 202, body: { status: 'a mail is on its way' } }));
    await eventually(() => expect(signedUp('ada@example.com')).toHaveLength(1));
    const rows = await accounts.query<{ password_hash: string }>('SELECT password_hash FROM accounts');
    expect(rows).toEqual([{ password_hash: expect.stringMatching(/^scrypt\$[\w-]{22}\$[\w-]{43}$/) }]);
  });

  it('makes one account of many sign-ups at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => signUp('grace@example.com')));
    expect(await accounts.query(`SELECT 1 FROM accounts WHERE email = 'grace@example.com'`)).toHaveLength(1);
  });

  it('lets in whoever knows the password, and shows them themselves', async () => {
    const { status, body } = await signIn('ADA@example.com');
    expect([status, body.expiresInSeconds]).toEqual([200, 900]);
    const me = await accounts.send('GET', '/accounts/me', undefined, as(body.accessToken));
    expect(me).toMatchObject({ status: 200, body: { userId: body.userId, email: 'ada@example.com', confirmed: false } });
    expect((await accounts.send('GET', '/accounts/me', undefined, nobody)).status).toBe(401);
    expect(await accounts.send('GET', '/accounts/me')).toMatchObject({ status: 403, body: { code: 'ROLE_MISSING' } });
    expect(await accounts.send('GET', '/admin/audit', undefined, as(body.accessToken))).toMatchObject({ status: 403, body: { code: 'ROLE_MISSING' } });
  });

  it('confirms an address with the code that was mailed, and with no other', async () => {
    const [{ accountId, confirmationCode }] = signedUp('ada@example.com') as [UserSignedUp];
    const confirm = (code: string) => accounts.send('POST', `/accounts/${accountId}/confirm`, { code }, nobody).then(({ status }) => status, () => 204);
    expect([await confirm('guessed'), await confirm(confirmationCode), await confirm('again')]).toEqual([422, 204, 204]);
    const { body } = await signIn('ada@example.com');
    expect((await accounts.send('GET', '/accounts/me', undefined, as(body.accessToken))).body).toMatchObject({ confirmed: true });
  });

  it('gives a new access token for a refresh token once, and none after signing out', async () => {
    const refresh = (refreshToken: string) => accounts.send<Session>('POST', '/sessions/refresh', { refreshToken }, nobody);
    const { body: first } = await signIn('ada@example.com');
    const second = await refresh(first.refreshToken);
    expect([second.status, second.body.userId]).toEqual([200, first.userId]);
    expect(await refresh(first.refreshToken)).toMatchObject({ status: 401, body: { code: 'SIGN_IN_REFUSED' } });
    await accounts.send('DELETE', '/sessions', { refreshToken: second.body.refreshToken }, nobody).catch(() => undefined);
    expect((await refresh(second.body.refreshToken)).status).toBe(401);
  });

  it('publishes the keys by which tokens are checked, and nothing of the private ones', async () => {
    const { body } = await accounts.send<{ keys: object[] }>('GET', '/.well-known/jwks.json', undefined, nobody);
    expect(body.keys).toEqual([{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String), x: expect.any(String), y: expect.any(String) }]);
  });

  it('signs with a new key after 29 days, and checks by the old one for a day longer', async () => {
    await accounts.query(`UPDATE signing_keys SET created_at = now() - interval '29 days 1 hour'`);
    const { body: old } = await signIn('ada@example.com');
    expect(await accounts.query('SELECT 1 FROM signing_keys')).toHaveLength(2);
    await accounts.query(`UPDATE signing_keys SET created_at = created_at - interval '10 minutes'`);
    const { body } = await signIn('ada@example.com');
    const kid = (token: string) => (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
    expect(kid(body.accessToken)).not.toBe(kid(old.accessToken));
    expect((await accounts.send('GET', '/accounts/me', undefined, as(old.accessToken))).status).toBe(200);
  });

  it('says the same of a wrong password and of an unknown address, and lets nobody guess for long', async () => {
    const unknown = await signIn('nobody@example.com');
    const wrong = await signIn('grace@example.com', 'guessed password');
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    const same = { correlationId: '', traceId: '' };
    expect({ ...unknown.body, ...same }).toEqual({ ...wrong.body, ...same });
    for (let n = 0; n < 10; n += 1) await signIn('grace@example.com', `guess number ${n}`);
    expect(await signIn('grace@example.com')).toMatchObject({ status: 429, body: { code: 'TOO_MANY_FAILURES' } });
  });

  it.each([
    ['a short password', { email: 'eve@example.com', password: 'short' }],
    ['no address', { email: 'eve', password }],
    ['a field of its own', { email: 'eve@example.com', password, role: 'admin' }],
  ])('refuses %s', async (_what, body) => {
    expect(await accounts.send('POST', '/accounts', body, nobody)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
  });

  it('forgets somebody for good', async () => {
    await accounts.send('POST', '/admin/subjects/forget', { subject: signedUp('ada@example.com')[0]!.accountId, actor: 'ada', reason: 'asked for it' });
    expect((await signIn('ada@example.com')).status).not.toBe(200);
    expect(await accounts.query(`SELECT 1 FROM accounts WHERE email LIKE '%ada%' OR password_hash = ''`)).toHaveLength(1);
  });
});
