import { incompatibilities } from '../comparison/compare.js';
import type { SchemaFormat } from '../compatibility/schema-text.js';
import { avro } from './avro.fixture.js';
import { json } from './json.fixture.js';
import { protobuf } from './protobuf.fixture.js';
import type { Planted } from './planted.fixture.js';

const planted: [SchemaFormat, Planted][] = [['JSON', json], ['AVRO', avro], ['PROTOBUF', protobuf]];

function judge(format: SchemaFormat, level: Parameters<typeof incompatibilities>[2], from: string, to: string) {
  return incompatibilities({ format, text: to }, [{ format, text: from }], level);
}

describe.each(planted)('changes planted in %s', (format, { breaking, safe }) => {
  it.each(breaking)('breaks: %s (%s)', (_what, level, from, to) => {
    const found = judge(format, level, from, to);
    expect(found).not.toEqual([]);
    for (const { kind, reason } of found) {
      expect(kind).toMatch(/^[A-Z_]+$/);
      expect(reason).toMatch(/\b(reader|writer)\b/);
    }
  });

  it.each(safe)('is safe: %s (%s)', (_what, level, from, to) => {
    expect(judge(format, level, from, to)).toEqual([]);
  });
});

describe('the planted set', () => {
  it('has at least sixty changes that break and sixty that do not', () => {
    expect(planted.reduce((sum, [, { breaking }]) => sum + breaking.length, 0)).toBeGreaterThanOrEqual(60);
    expect(planted.reduce((sum, [, { safe }]) => sum + safe.length, 0)).toBeGreaterThanOrEqual(60);
  });

  it('has none that breaks only because it is no schema', () => {
    for (const [format, { breaking, safe }] of planted) {
      for (const [, , from, to] of [...breaking, ...safe]) {
        expect(judge(format, 'FULL', from, from)).toEqual([]);
        expect(judge(format, 'FULL', to, to)).toEqual([]);
      }
    }
  });
});
