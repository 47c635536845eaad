import { z } from 'zod';
import { describeIssues, validateNow } from './standard-schema.js';
import type { SchemaResult, StandardSchema } from './standard-schema.js';

const schemaThat = (validate: (value: unknown) => unknown) =>
  ({ '~standard': { version: 1, vendor: 'shop', validate } }) as StandardSchema<string>;

describe('validateNow', () => {
  it('gives back what the schema makes of a value', () => {
    expect(validateNow(z.object({ orderId: z.string() }), { orderId: '1', gift: true })).toEqual({ value: { orderId: '1' } });
  });

  it('gives back what the schema has against it', () => {
    expect(validateNow(z.object({ orderId: z.string() }), {}).issues).toHaveLength(1);
  });

  it.each([
    ['a promise', Promise.resolve({ value: 'mug-blue' })],
    ['something else that can be waited for', { then: (done: (result: SchemaResult<string>) => void) => done({ value: 'mug-blue' }) }],
  ])('refuses a schema that answers with %s: a transaction is open meanwhile', (_what, answer) => {
    expect(() => validateNow(schemaThat(() => answer), 'mug-blue')).toThrow(new TypeError('A contract schema must validate synchronously.'));
  });
});

describe('the description of issues', () => {
  it('names each place and what is wrong there', () => {
    const issues = [
      { message: 'Required', path: ['lines', 0, 'sku'] },
      { message: 'Too short', path: [{ key: 'userId' }] },
    ];
    expect(describeIssues(issues)).toBe('lines.0.sku: Required; userId: Too short');
  });

  it('needs no place', () => {
    expect(describeIssues([{ message: 'No order' }, { message: 'No lines', path: [] }])).toBe('No order; No lines');
  });

  it('can name a place that has a symbol for a key', () => {
    expect(describeIssues([{ message: 'Required', path: [Symbol('sku')] }])).toBe('Symbol(sku): Required');
  });

  it('stops after five: one basket may have a hundred wrong lines', () => {
    const issues = Array.from({ length: 100 }, (_, line) => ({ message: 'Required', path: ['lines', line] }));
    expect(describeIssues(issues).split('; ')).toEqual([0, 1, 2, 3, 4].map((line) => `lines.${line}: Required`));
  });

  it('never repeats the value, which may be personal', () => {
    const { issues } = validateNow(z.object({ email: z.email() }), { email: 'ada(at)example.com' });
    expect(describeIssues(issues!)).toMatch(/^email: /);
    expect(describeIssues(issues!)).not.toContain('ada');
  });
});
