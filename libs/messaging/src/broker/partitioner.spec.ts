import { murmur2, partitionOf } from './partitioner.js';

const javaVectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('The partitioner', () => {
  it.each(javaVectors)('hashes %j as the Java client does', (key, expected) => {
    expect(murmur2(Buffer.from(key))).toBe(expected);
  });

  it('masks the sign bit away, as Java does, instead of negating it', () => {
    expect(partitionOf('21', 6)).toBe((-973932308 & 0x7fffffff) % 6);
  });

  it('puts a key given as bytes where it puts the same key given as text', () => {
    expect(partitionOf(Buffer.from('bestellung-ä-1'), 12)).toBe(partitionOf('bestellung-ä-1', 12));
  });
});
