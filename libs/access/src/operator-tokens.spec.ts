import { FailedAttempts } from './failed-attempts.js';
import { digestOf, newToken, OperatorTokens, parseOperatorTokens } from './operator-tokens.js';

describe('tokens of operators', () => {
  it('are read from their entries, and found by the token alone', () => {
    const [ada, shop] = [newToken('ada', 'admin'), newToken('checkout', 'service')];
    const tokens = new OperatorTokens(parseOperatorTokens(`${ada.entry}, ${shop.entry}\n`));
    expect(tokens.find(ada.token)).toEqual({ kind: 'operator', name: 'ada', role: 'admin' });
    expect(tokens.find(shop.token)).toEqual({ kind: 'operator', name: 'checkout', role: 'service' });
    expect([tokens.find(ada.entry), tokens.find('')]).toEqual([undefined, undefined]);
  });

  it.each([
    ['a token in place of an entry', 'secret-of-ada', 'entry 1 is not name:role:digest'],
    ['an unknown role', `ada:root:${digestOf('x')}`, 'entry 1 is not name:role:digest'],
    ['the same token twice', `ada:admin:${digestOf('x')} eve:viewer:${digestOf('x')}`, 'ada and eve have the same token'],
    ['the same name twice', `ada:admin:${digestOf('x')} ada:viewer:${digestOf('y')}`, '"ada" stands there twice'],
  ])('are refused with %s', (_what, text, message) => {
    expect(() => parseOperatorTokens(text)).toThrow(message);
    expect(() => parseOperatorTokens(text)).not.toThrow('secret-of-ada');
  });
});

describe('failed attempts', () => {
  it('are forgotten after a minute, and never fill the memory', () => {
    let now = 0;
    const attempts = new FailedAttempts(2, () => now);
    attempts.add('10.0.0.1');
    attempts.add('10.0.0.1');
    now = 20_000;
    expect([attempts.secondsToWait('10.0.0.1'), attempts.secondsToWait('10.0.0.2')]).toEqual([40, 0]);
    now = 60_000;
    expect([attempts.secondsToWait('10.0.0.1'), attempts.add('10.0.0.1')]).toEqual([0, 1]);
    for (let n = 0; n < 10_001; n += 1) attempts.add(`172.${n}`);
    expect(attempts.add('172.10000')).toBe(2);
    expect(attempts.add('10.0.0.1')).toBe(1);
  });
});
