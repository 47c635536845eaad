import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';

const { TestEnvironment } = /** @type {typeof import('jest-environment-node')} */ (
  createRequire(import.meta.url)('jest-environment-node')
);

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = /** @type {typeof run} */ (
  /** @this {AsyncLocalStorage<unknown>} @param {Parameters<typeof run>} call */
  function (...call) {
    used.add(this);
    return run.apply(this, call);
  }
);

// Once jest is gone a worker would finish its file, and start processes that nobody ends.
// Looked at, not listened for: who listens for the end of a channel is kept up by it.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 250).unref();

/** Node carries every store that was ever used along with every promise: those of other files' apps cost a quarter of a run. */
export default class ForgetsStores extends TestEnvironment {
  /**
   * What a failed test leaves behind is nothing for others to go on with: test/support/in-a-shop.ts.
   * @type {import('@jest/environment').JestEnvironment['handleTestEvent']}
   */
  handleTestEvent = ({ name }) => {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.global.NESTBOX_HAS_FAILED = true;
  };

  /** @override */
  async teardown() {
    await super.teardown();
    for (const store of used) store.disable();
    used.clear();
  }
}
