import { conditionsOf, findDeadLetter } from './dead-letter.js';
import { targetsOf } from './selecting.js';

const env = { NESTBOX_APPS: 'checkout=http://127.0.0.1:3001,email=http://127.0.0.1:3006' };
const none = { handler: undefined, key: undefined, type: undefined, cause: undefined, since: undefined, until: undefined };
const options = { ...none, app: [], all: false };
const targets = (...given: Parameters<typeof targetsOf>) =>
  targetsOf(...given).map(({ app, selection }) => ({ app: app.name, selection }));

describe('which dead letters are meant', () => {
  it('is said by their names', () => {
    expect(targets(['email/12', 'checkout/3'], options, env)).toEqual([
      { app: 'email', selection: { id: '12' } },
      { app: 'checkout', selection: { id: '3' } },
    ]);
  });

  it('is said by conditions, for every app or for some', () => {
    const selection = { handler: 'email.confirm-order' };
    expect(targets([], { ...options, ...selection }, env)).toEqual([
      { app: 'checkout', selection },
      { app: 'email', selection },
    ]);
    expect(targets([], { ...options, ...selection, app: ['email'] }, env)).toEqual([{ app: 'email', selection }]);
  });

  it.each([
    ['nothing', [], options],
    ['everything and something', [], { ...options, all: true, key: 'order-1' }],
    ['a name and conditions', ['email/12'], { ...options, key: 'order-1' }],
  ])('must be clear: %s is refused', (_what, letters, given) => {
    expect(() => targetsOf(letters, given, env)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it.each(['12', 'email', 'email/0', 'email/12;', 'Email/12'])('is not said by %j', (reference) => {
    expect(() => findDeadLetter(reference, env, [])).toThrow(`"${reference}" is no dead letter: write <app>/<id>`);
  });

  it('takes a time as it is written or as an age', () => {
    expect(conditionsOf({ ...none, since: '2026-11-23T06:00:00+01:00' })).toEqual({ parkedSince: '2026-11-23T05:00:00.000Z' });
    const { parkedUntil } = conditionsOf({ ...none, until: '90m' });
    expect(Math.abs(Date.now() - 90 * 60_000 - Date.parse(parkedUntil!))).toBeLessThan(60_000);
    expect(() => conditionsOf({ ...none, since: 'yesterday' })).toThrow(/--since is a time such as/);
  });
});
