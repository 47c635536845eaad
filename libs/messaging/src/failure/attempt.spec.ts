import { describeFailure, redact, redactPersonal } from './attempt.js';

class StockRoomLocked extends Error {}

describe('what is kept of a failure', () => {
  it('names the class, the code and the place, without the paths of the machine', () => {
    const error = Object.assign(new StockRoomLocked('locked'), { code: 'LOCKED' });

    const described = describeFailure(error);
    expect(described).toMatchObject({ errorClass: 'StockRoomLocked', code: 'LOCKED', message: 'locked' });
    expect(described.cause).toMatch(/^StockRoomLocked at .*attempt\.spec\.ts:\d+\)?$/);
    expect(described.cause).not.toContain('/');
  });

  it('gives failures of one place one fingerprint, whatever they say', () => {
    const [one, other] = ['order 1', 'order 2'].map((text) => describeFailure(new StockRoomLocked(text)));
    expect(one!.cause).toBe(other!.cause);
  });

  it('tells failures apart by their gist where no frame of our own code says where they were made', () => {
    const causeOf = (text: string) => {
      const error = Object.assign(new Error(text), { code: '23505' });
      error.stack = `Error: ${text}\n    at Parser.parseErrorMessage (/shop/node_modules/pg-protocol/dist/parser.js:306:11)`;
      return describeFailure(error).cause;
    };
    expect(causeOf('duplicate key value violates unique constraint "orders_pkey"')).toBe(
      'Error 23505: duplicate key value violates unique constraint "orders_pkey"',
    );
    expect(causeOf('no room for "Ada" in 7')).toBe(causeOf('no room for "Bob" in 12'));
  });

  it.each([
    ['no mail to ada@example.com today', 'no mail to <address> today'],
    ['card 4111 1111 1111 1111 refused', 'card <number> refused'],
    ['Key (email, name)=(ada@example.com, Ada) already exists.', 'Key (email, name)=(<values>) already exists.'],
    ['Authorization: Bearer abc.def', 'Authorization: <secret>'],
    ['line one\r\nlevel=info \u001b[31mforged\u0000', 'line one  level=info  [31mforged '],
  ])('redacts %j', (message, kept) => {
    expect(redact(message)).toBe(kept);
  });

  it('says nothing of the person whose data the handler had in hand', () => {
    const error = new StockRoomLocked('user Ada (L.) of 1 Main St., not ada (l.)!, has 2500 in order-1');
    const personal = { subject: () => 'ada', fields: { userId: 'forgotten', address: { street: '' }, age: 0, initial: '' } };
    redactPersonal(error, { personal }, { orderId: 'order-1', userId: 'Ada (L.)', address: { street: '1 Main St.' }, age: 36, initial: 'A' });
    expect(describeFailure(error).message).toBe('user <personal> of <personal>, not <personal>!, has 2500 in order-1');
  });

  it('is short and storable whatever was thrown', () => {
    const hostile = new Proxy({}, { get: () => { throw new Error('no looking'); } });
    const endless = new Error('x'.repeat(1_000_000));
    const half = new Error('\ud800');
    for (const error of [hostile, endless, half, null, undefined, 7, 'text', Object.create(null), { name: 7 }]) {
      const { errorClass, message, cause } = describeFailure(error);
      for (const text of [errorClass, message, cause]) {
        expect(text.length).toBeLessThanOrEqual(500);
        expect(Buffer.from(text).toString()).toBe(text);
      }
    }
  });
});
