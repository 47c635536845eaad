import { createRequire } from 'node:module';

const TestSequencer = /** @type {typeof import('@jest/test-sequencer').default} */ (
  createRequire(import.meta.url)('@jest/test-sequencer').default
);

const longest = [/\.e2e-spec\.ts$/];
const rank = (/** @type {{ path: string }} */ { path }) => longest.findIndex((pattern) => pattern.test(path)) >>> 0;

/** What takes minutes must not begin when everything else is over. */
export default class LongestFirst extends TestSequencer {
  /**
   * @override
   * @param {Parameters<InstanceType<typeof TestSequencer>['sort']>[0]} tests
   */
  async sort(tests) {
    return [...(await super.sort(tests))].sort((one, other) => rank(one) - rank(other));
  }
}
