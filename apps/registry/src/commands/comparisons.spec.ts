import { Comparisons } from './comparisons.js';

const json = (schema: object) => ({ format: 'JSON' as const, text: JSON.stringify(schema) });

describe('comparisons beside the event loop', () => {
  const comparisons = new Comparisons();
  afterAll(() => comparisons.onModuleDestroy());

  it('tell what breaks, again and again', async () => {
    const ask = (proposed: object) => comparisons.incompatibilities({ proposed: json(proposed), existing: [json({ type: 'string' })], level: 'BACKWARD' });
    expect(await ask({ type: 'string' })).toEqual([]);
    expect(await ask({ type: 'integer' })).toMatchObject([{ kind: 'TYPE_CHANGED', direction: 'backward', against: 0 }]);
    expect(await Promise.all(Array.from({ length: 20 }, () => ask({ type: 'string' })))).toEqual(Array.from({ length: 20 }, () => []));
  });

  it('refuse what is no schema', async () => {
    const question = { proposed: json({ type: 'strnig' }), existing: [], level: 'NONE' } as const;
    await expect(comparisons.incompatibilities(question)).rejects.toMatchObject({ errorCode: 42201 });
  });
});
