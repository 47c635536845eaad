import { jsonDepth } from './json-depth.js';

const depthOf = (json: string) => jsonDepth(Buffer.from(json), 32);

describe('depth of JSON', () => {
  it('counts lists and objects alike', () => {
    expect(depthOf('{"lines":[{"sku":"mug-blue"}]}')).toBe(3);
    expect(depthOf('[[],[],[]]')).toBe(2);
    expect(depthOf('42')).toBe(0);
  });

  it('counts no bracket inside a string, however it is escaped', () => {
    expect(depthOf('{"name":"[[[ \\" [[[ \\\\"}')).toBe(1);
  });

  it('stops counting one above the limit', () => {
    expect(depthOf('['.repeat(100_000))).toBe(33);
  });
});
