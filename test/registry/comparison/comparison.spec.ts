import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../support/tools.js';
import { differences } from './differences.js';
import { judge } from './judge.js';
import { allPairs } from './pairs.js';
import { RECORDED, unfolded } from './recorded.js';

const pairs = allPairs();
const theirs = unfolded(JSON.parse(readFileSync(join(root, RECORDED), 'utf8')) as Record<string, string>, pairs);

describe('our judgement and Apicurio’s, as it was recorded', () => {
  it('are of a thousand changes and more, in each format of more than a hundred', () => {
    expect(pairs.length).toBeGreaterThan(1_000);
    for (const format of ['AVRO', 'JSON', 'PROTOBUF']) expect(pairs.filter((pair) => pair.format === format).length).toBeGreaterThan(100);
  });

  it('differ only where it is said who is right', () => {
    const found = pairs.flatMap((pair, n) => {
      const ours = judge(pair);
      return ours === theirs[n] ? [] : [`${pair.format}: ${pair.change}: ours ${ours}, Apicurio ${theirs[n]}`];
    });
    expect(found.filter((line) => !differences.some(({ lines }) => lines.test(line)))).toEqual([]);
    expect(differences.filter(({ lines }) => !found.some((line) => lines.test(line)))).toEqual([]);
  });
});
