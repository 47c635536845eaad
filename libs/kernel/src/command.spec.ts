import { z } from 'zod';
import { defineCommand, issue } from './command.js';
import type { CommandSpec } from './command.js';
import { ContractError } from './contract.error.js';
import { MAX_EVENT_BYTES } from './event.js';

const schema = z.object({ orderId: z.string(), amountCents: z.int() });
type Data = z.infer<typeof schema>;
const example: Data = { orderId: 'order-1', amountCents: 2500 };
const spec: CommandSpec<Data> = {
  type: 'CapturePayment',
  version: 1,
  recipient: 'payments',
  description: 'Take the money for an order; PaymentCaptured or PaymentDeclined answers.',
  schema,
  key: ({ orderId }) => orderId,
  examples: [example],
};
const define = (change: Partial<CommandSpec<Data>> = {}) => defineCommand({ ...spec, ...change });

describe('a command', () => {
  it('goes to the one topic of its recipient', () => {
    expect(define({ version: 2 })).toMatchObject({ kind: 'command', topic: 'payments.commands', name: 'payments.CapturePayment.v2' });
  });

  it('may be 64 KiB unless it says otherwise, and cannot be changed once it is defined', () => {
    expect(define().maxBytes).toBe(64 * 1024);
    expect(define({ maxBytes: MAX_EVENT_BYTES }).maxBytes).toBe(256 * 1024);
    expect(Object.isFrozen(define())).toBe(true);
  });

  it.each<[string, Partial<CommandSpec<Data>>]>([
    ['the type must be PascalCase without a suffix, such as CapturePayment.', { type: 'capturePayment' }],
    ['the type must be PascalCase without a suffix, such as CapturePayment.', { type: 'CapturePaymentCommand' }],
    ['the type must be PascalCase without a suffix, such as CapturePayment.', { type: 'CapturePaymentEvent' }],
    ['past tense states a fact; use defineEvent.', { type: 'PaymentCaptured' }],
    ['past tense states a fact; use defineEvent.', { type: 'UserSignedUp' }],
    ['the version must be a whole number from 1.', { version: 0 }],
    ['the version must be a whole number from 1.', { version: 1.5 }],
    ['"" is no context; a command names its one recipient.', { recipient: '' }],
    ['"payments.cards" is no context; a command names its one recipient.', { recipient: 'payments.cards' }],
    ['"Payments" is no context; a command names its one recipient.', { recipient: 'Payments' }],
    ['maxBytes 262145 is over 262144; send a reference instead.', { maxBytes: MAX_EVENT_BYTES + 1 }],
    ['maxBytes NaN is no limit; give a whole number of bytes from 1.', { maxBytes: NaN }],
    ['give at least one example.', { examples: [] }],
  ])('is refused with "%s" for %j', (fault, change) => {
    expect(() => define(change)).toThrow(new ContractError(`Command ${change.type ?? 'CapturePayment'}: ${fault}`));
  });

  it('is refused with an example that breaks its schema or its limit', () => {
    expect(() => define({ examples: [example, { ...example, amountCents: 0.5 }] })).toThrow(/^CapturePayment: data breaks its contract: amountCents: /);
    expect(() => define({ maxBytes: 10 })).toThrow(new ContractError('CapturePayment: 40 bytes of data are over its limit of 10.'));
  });
});

describe('an issued command', () => {
  const contract = define();

  it('carries what the schema gives back, its JSON and its key', () => {
    expect(issue(contract, { ...example, tip: 1 } as Data)).toEqual({ contract, data: example, json: JSON.stringify(example), key: 'order-1' });
  });

  it('is refused when its data breaks the contract', () => {
    expect(() => issue(contract, { ...example, orderId: '' })).toThrow(new ContractError('CapturePayment: the key must be 1 to 512 bytes long.'));
    expect(() => issue(contract, {} as Data)).toThrow(ContractError);
  });
});
