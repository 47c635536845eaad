import { createRequire } from 'node:module';

const TestRunner = /** @type {typeof import('jest-runner').default} */ (createRequire(import.meta.url)('jest-runner').default);

/** So many files a worker is given at once: each of these bundles costs the start of a process. */
const BUNDLE = 8;

/** @typedef {Parameters<InstanceType<typeof TestRunner>['runTests']>} Run */

/**
 * Files that take turns in the one shop of their broker go down one lane: beside each other they would only wait, each
 * with a worker of its own. The other workers, and those whose lane is at its end, do everything else.
 */
export default class Lanes extends TestRunner {
  /** @type {ConstructorParameters<typeof TestRunner>} */
  #given;
  /** @type {Parameters<InstanceType<typeof TestRunner>['on']>[]} */
  #listeners = [];

  /** @param {ConstructorParameters<typeof TestRunner>} given */
  constructor(...given) {
    super(...given);
    this.#given = given;
  }

  /**
   * @override
   * @param {Run} run
   */
  async runTests(...[tests, watcher, options]) {
    const lanes = byBroker(tests);
    const others = lanes.get('') ?? [];
    lanes.delete('');
    if (lanes.size === 0 || options.serial) return super.runTests(tests, watcher, options);
    const jobs = [...lanes.values(), ...bundles(others)];
    const work = async () => {
      for (let job = jobs.shift(); job && !watcher.isInterrupted(); job = jobs.shift()) {
        await this.#worker().runTests(job, watcher, options);
      }
    };
    await Promise.all(Array.from({ length: this.#given[0].maxWorkers }, work));
  }

  /**
   * @override
   * @type {InstanceType<typeof TestRunner>['on']}
   */
  on(name, listener) {
    this.#listeners.push([name, /** @type {never} */ (listener)]);
    return super.on(name, listener);
  }

  #worker() {
    const [globalConfig, context] = this.#given;
    const runner = new TestRunner({ ...globalConfig, maxWorkers: 1 }, context);
    for (const [name, listener] of this.#listeners) runner.on(name, listener);
    return runner;
  }
}

/** @param {Run[0]} tests @returns {Map<string, Run[0]>} */
function byBroker(tests) {
  const lanes = new Map();
  for (const test of tests) {
    const broker = String(test.context.config.globals.NESTBOX_BROKER ?? '');
    lanes.set(broker, [...(lanes.get(broker) ?? []), test]);
  }
  return lanes;
}

/** @param {Run[0]} tests @returns {Run[0][]} */
function bundles(tests) {
  return Array.from({ length: Math.ceil(tests.length / BUNDLE) }, (_, n) => tests.slice(n * BUNDLE, (n + 1) * BUNDLE));
}
