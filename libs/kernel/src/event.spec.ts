import fc from 'fast-check';
import { z } from 'zod';
import { ContractError } from './contract.error.js';
import { checkEventData, DEFAULT_DATA_BYTES, defineEvent, MAX_EVENT_BYTES, readEventData } from './event.js';
import type { EventSpec } from './event.js';
import { upcastFrom } from './event.js';

const schema = z.object({ orderId: z.string(), userId: z.string(), note: z.string().optional() });
type Data = z.infer<typeof schema>;
const example: Data = { orderId: 'order-1', userId: 'ada' };
const spec: EventSpec<Data> = {
  type: 'OrderPlaced',
  version: 1,
  topic: 'checkout.orders',
  description: 'A customer has placed an order.',
  schema,
  key: ({ orderId }) => orderId,
  examples: [example],
};
const define = (change: Partial<EventSpec<Data>> = {}) => defineEvent({ ...spec, ...change });
const refusal = (message: string) => new ContractError(message);

describe('an event', () => {
  it('gets its context from its topic, and its name from both', () => {
    expect(define({ version: 3 })).toMatchObject({ kind: 'event', context: 'checkout', name: 'checkout.OrderPlaced.v3', version: 3 });
    expect(define({ topic: 'click-and-collect.orders.eu-1' })).toMatchObject({ context: 'click-and-collect' });
  });

  it('is owned by its context, fully compatible, and 64 KiB at most, unless it says otherwise', () => {
    expect(define()).toMatchObject({ owner: 'checkout', compatibility: 'FULL_TRANSITIVE', maxBytes: 64 * 1024, wire: undefined });
    const own = { owner: 'till', compatibility: 'NONE', maxBytes: 256 * 1024 } as const;
    expect(define(own)).toMatchObject(own);
  });

  it('travels as its schema says, unless it says so itself', () => {
    const avro = { format: 'AVRO', text: '{}' } as const;
    const protobuf = { format: 'PROTOBUF', text: 'message OrderPlaced {}' } as const;
    const carrying = Object.assign(z.object({ ...schema.shape }), { wire: avro });
    expect(define({ schema: carrying }).wire).toBe(avro);
    expect(define({ schema: carrying, wire: protobuf }).wire).toBe(protobuf);
  });

  it('cannot be changed once it is defined', () => {
    const contract = define() as { version: number };
    expect(() => (contract.version = 2)).toThrow(TypeError);
  });

  it.each<[string, Partial<EventSpec<Data>>]>([
    ['the type must be one PascalCase word, such as OrderPlaced.', { type: 'orderPlaced' }],
    ['the type must be one PascalCase word, such as OrderPlaced.', { type: 'Order Placed' }],
    ['the type must be one PascalCase word, such as OrderPlaced.', { type: 'OrderPlaced\n' }],
    ['the type must be one PascalCase word, such as OrderPlaced.', { type: '' }],
    ['leave the suffix off; past tense alone says that it is an event.', { type: 'OrderPlacedEvent' }],
    ['leave the suffix off; past tense alone says that it is an event.', { type: 'PlaceOrderCommand' }],
    ['the name must end in a past participle (OrderPlaced); an instruction is a command.', { type: 'PlaceOrder' }],
    ['the version must be a whole number from 1.', { version: 0 }],
    ['the version must be a whole number from 1.', { version: 1.5 }],
    ['the version must be a whole number from 1.', { version: NaN }],
    ['the topic "checkout" must read <context>.<aggregates>, such as checkout.orders.', { topic: 'checkout' as 'a.b' }],
    ['the topic "Checkout.orders" must read <context>.<aggregates>, such as checkout.orders.', { topic: 'Checkout.orders' }],
    ['the topic "checkout.7" must read <context>.<aggregates>, such as checkout.orders.', { topic: 'checkout.7' }],
    ['the topic ".orders" must read <context>.<aggregates>, such as checkout.orders.', { topic: '.orders' }],
    ['maxBytes 262145 is over 262144; send a reference instead.', { maxBytes: MAX_EVENT_BYTES + 1 }],
    ['maxBytes NaN is no limit; give a whole number of bytes from 1.', { maxBytes: NaN }],
    ['maxBytes 0 is no limit; give a whole number of bytes from 1.', { maxBytes: 0 }],
    ['give at least one example.', { examples: [] }],
  ])('is refused with "%s" for %j', (fault, change) => {
    expect(() => define(change)).toThrow(refusal(`Event ${change.type ?? 'OrderPlaced'}: ${fault}`));
  });

  it('may sign up: a phrasal verb is past tense too', () => expect(define({ type: 'UserSignedUp' }).name).toBe('checkout.UserSignedUp.v1'));

  it('is refused with an example that breaks its schema, its limit or its key, be it the last one', () => {
    expect(() => define({ examples: [example, { orderId: 'order-2' } as Data] })).toThrow(/^OrderPlaced: data breaks its contract: userId: /);
    expect(() => define({ maxBytes: 20 })).toThrow(refusal('OrderPlaced: 36 bytes of data are over its limit of 20.'));
    expect(() => define({ examples: [{ ...example, orderId: '' }] })).toThrow(refusal('OrderPlaced: the key must be 1 to 512 bytes long.'));
  });

  it.each([
    ['of another event', { type: 'OrderShipped', version: 1 }],
    ['of the same version', { type: 'OrderPlaced', version: 2 }],
    ['of a later version', { type: 'OrderPlaced', version: 3 }],
  ])('is refused with a version before that is one %s', (_what, before) => {
    const previous = upcastFrom(define(before), (old) => old);
    const fault = `previous is checkout.${before.type}.v${before.version}; it must be an earlier version of OrderPlaced.`;
    expect(() => define({ version: 2, previous })).toThrow(refusal(`Event OrderPlaced: ${fault}`));
  });
});

describe('the data of an event', () => {
  const contract = define();

  it('is what the schema gives back, and its JSON: what nobody knows is left out', () => {
    const checked = checkEventData(contract, { ...example, gift: true });
    expect(checked).toEqual({ data: example, json: JSON.stringify(example) });
  });

  it('is refused, by place and not by value, when it breaks the schema', () => {
    expect(() => checkEventData(contract, { orderId: 'order-1', userId: 42 })).toThrow(
      refusal('OrderPlaced: data breaks its contract: userId: Invalid input: expected string, received number'),
    );
  });

  it('may be as long as its limit and not a byte longer, in bytes of UTF-8', () => {
    const frame = Buffer.byteLength(JSON.stringify({ ...example, note: '' }));
    const room = DEFAULT_DATA_BYTES - frame;
    const noted = (note: string) => () => checkEventData(contract, { ...example, note });
    expect(noted('x'.repeat(room))).not.toThrow();
    expect(noted('x'.repeat(room + 1))).toThrow(refusal('OrderPlaced: 65537 bytes of data are over its limit of 65536.'));
    // Three bytes each.
    expect(noted('€'.repeat(Math.floor(room / 3)))).not.toThrow();
    expect(noted('€'.repeat(Math.floor(room / 3) + 1))).toThrow(/^OrderPlaced: \d+ bytes of data are over/);
  });

  it('may have a key of 1 to 512 bytes', () => {
    const keyed = (orderId: string) => () => checkEventData(contract, { ...example, orderId });
    expect(keyed('o'.repeat(512))).not.toThrow();
    for (const key of ['', 'o'.repeat(513), '€'.repeat(171)]) {
      expect(keyed(key)).toThrow(refusal('OrderPlaced: the key must be 1 to 512 bytes long.'));
    }
  });

  it('needs a key that is text', () => {
    const numbered = { ...contract, key: () => 7 as unknown as string };
    expect(() => checkEventData(numbered, example)).toThrow(refusal('OrderPlaced: the key must be 1 to 512 bytes long.'));
  });

  it.each([
    ['nothing at all', undefined],
    ['a whole number that JSON has no word for', { ...example, cents: 7n }],
    ['a function', () => example],
  ])('is refused as what breaks the contract when it is %s, whatever the schema lets through', (_what, data) => {
    const lenient = { ...contract, schema: z.any() };
    expect(() => checkEventData(lenient, data)).toThrow(refusal('OrderPlaced: data cannot be written as JSON.'));
  });

  it('reads back from its JSON as it was checked', () => {
    const orders = fc.record({ orderId: fc.string({ minLength: 1, maxLength: 100 }), userId: fc.string(), note: fc.string() });
    fc.assert(
      fc.property(orders, (order) => {
        const { data, json } = checkEventData(contract, order);
        expect(readEventData(contract, 1, JSON.parse(json))).toEqual({ value: data });
      }),
    );
  });
});

describe('personal data', () => {
  const personal = { subject: ({ userId }: Data) => userId, fields: { userId: 'forgotten' } };

  it('may be any field that can say something else once its subject is forgotten', () => {
    expect(define({ personal }).personal).toBe(personal);
  });

  it('is refused when the schema does not take what it says then', () => {
    expect(() => define({ personal: { ...personal, fields: { userId: null } } })).toThrow(/^OrderPlaced: data breaks its contract: userId: /);
  });

  it('is refused as the key: it would be written in the clear, and order would be lost with it', () => {
    expect(() => define({ personal, key: ({ userId }) => userId })).toThrow(
      refusal('OrderPlaced: the key is personal; use an id that says nothing.'),
    );
  });

  it('may be absent: nothing is made up for it', () => {
    const fields = { userId: 'forgotten', note: 42 };
    expect(() => define({ personal: { ...personal, fields } })).not.toThrow();
    const withNote = [{ ...example, note: 'ring twice' }];
    expect(() => define({ personal: { ...personal, fields }, examples: withNote })).toThrow(/note: /);
  });
});

describe('data of older versions', () => {
  const { type, topic, description } = spec;
  const V1 = defineEvent({
    type, topic, description, version: 1, schema: z.object({ id: z.string() }), key: ({ id }) => id, examples: [{ id: '1' }],
  });
  const V3 = define({ version: 3, previous: upcastFrom(V1, ({ id }) => ({ orderId: id, userId: 'somebody' })) });

  it('goes through the upcaster of the latest version that is not newer', () => {
    for (const version of [1, 2]) {
      expect(readEventData(V3, version, { id: '7', gift: true })).toEqual({ value: { orderId: '7', userId: 'somebody' } });
    }
  });

  it('is checked as what it claims to be, and again as what became of it', () => {
    expect(readEventData(V3, 1, { orderId: '7' }).issues).toEqual([expect.objectContaining({ path: ['id'] })]);
    const careless = define({ version: 2, previous: upcastFrom(V1, ({ id }) => ({ orderId: id }) as Data) });
    expect(readEventData(careless, 1, { id: '7' }).issues).toEqual([expect.objectContaining({ path: ['userId'] })]);
  });

  it('is read as the present version where there is no upcaster', () => {
    expect(readEventData(define({ version: 2 }), 1, example)).toEqual({ value: example });
  });
});
