import { incompatibilities } from './compare.js';
import type { SchemaText } from '../compatibility/schema-text.js';

const json = (schema: object): SchemaText => ({ format: 'JSON', text: JSON.stringify(schema) });
const order = (required: readonly string[]) => json({ type: 'object', properties: { id: { type: 'string' }, note: { type: 'string' } }, required });
const found = (...given: Parameters<typeof incompatibilities>) => incompatibilities(...given).map(({ direction, against }) => `${direction} ${against}`);

describe('The incompatibilities of a schema that is proposed', () => {
  const [loose, strict] = [order(['id']), order(['id', 'note'])];

  it('are asked for in the directions of the level', () => {
    expect(found(strict, [loose], 'BACKWARD')).toEqual(['backward 0']);
    expect(found(strict, [loose], 'FORWARD')).toEqual([]);
    expect(found(loose, [strict], 'FORWARD')).toEqual(['forward 0']);
    expect(found(loose, [strict], 'BACKWARD')).toEqual([]);
    expect(found(loose, [strict], 'FULL')).toEqual(['forward 0']);
    expect(found(strict, [loose], 'NONE')).toEqual([]);
  });

  it('are asked for against the latest, and where the level says so against all', () => {
    expect(found(strict, [loose, strict], 'BACKWARD')).toEqual([]);
    expect(found(strict, [loose, strict], 'BACKWARD_TRANSITIVE')).toEqual(['backward 0']);
    expect(found(strict, [strict, loose], 'BACKWARD')).toEqual(['backward 1']);
  });

  it('are found where a limit stays the same and its end is left out', () => {
    const number = (limit: object) => json({ type: 'number', ...limit });
    expect(found(number({ exclusiveMaximum: 10 }), [number({ maximum: 10 })], 'BACKWARD')).toEqual(['backward 0']);
    expect(found(number({ maximum: 10 }), [number({ exclusiveMaximum: 10 })], 'BACKWARD')).toEqual([]);
    expect(found(number({ exclusiveMinimum: 1 }), [number({ minimum: 1 })], 'BACKWARD')).toEqual(['backward 0']);
    expect(found(number({ minimum: 1 }), [number({ exclusiveMinimum: 1 })], 'BACKWARD')).toEqual([]);
  });
});
