import { UserSignedUp } from '@nestbox/contracts';
import { Account } from './account.js';
import { WrongCode } from './account.errors.js';
import { hashPassword, isPassword } from './password.js';

const wish = {
  userId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
  email: 'ada@example.com',
  passwordHash: 'scrypt$a$b',
  confirmationCode: 'mZq3Vt8uXw1Yb5Rk2Nc7',
  now: new Date('2026-11-23T06:00:00.000Z'),
};

describe('an account', () => {
  it('tells of its sign-up what others need, and nothing of the password', () => {
    const [event] = Account.signUp(wish).pendingEvents();
    expect(event?.contract).toBe(UserSignedUp);
    expect(event?.data).toEqual({ accountId: wish.userId, email: wish.email, confirmationCode: wish.confirmationCode, signedUpAt: '2026-11-23T06:00:00.000Z' });
    expect(event?.json).not.toContain('scrypt');
  });

  it('is confirmed by the code that was mailed, once and for all', () => {
    const account = Account.signUp(wish);
    expect(() => account.confirm('another-code-entirely')).toThrow(WrongCode);
    expect(account.codeDigest).not.toBeNull();
    account.confirm(wish.confirmationCode);
    expect(account.codeDigest).toBeNull();
    expect(() => account.confirm('whatever comes later')).not.toThrow();
  });

  it('keeps no code that opens anything', () => {
    expect(JSON.stringify(Account.signUp(wish).codeDigest)).not.toContain(wish.confirmationCode);
  });
});

describe('a password', () => {
  it('is known by its hash, which differs each time', async () => {
    const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(one).not.toBe(two);
    expect([await isPassword('correct horse', one), await isPassword('correct horse', two), await isPassword('Correct horse', one)]).toEqual([true, true, false]);
  });

  it('is the same however its letters were typed', async () => {
    expect(await isPassword('caf\u0065\u0301 noir', await hashPassword('caf\u00e9 noir'))).toBe(true);
  });

  it.each([undefined, '', 'scrypt$', 'scrypt$c2FsdA$', 'forgotten'])('fits no hash such as %j', async (hash) => {
    expect(await isPassword('', hash)).toBe(false);
  });
});
