import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLocked, lockHome } from '../lock.mjs';
import { stopLeftovers } from '../processes.mjs';

const prefix = 'nestbox-test-';

/** A home for one run of the tests. Homes of runs that were killed are cleaned up on the way, processes included. */
export async function temporaryHome() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const abandoned = join(tmpdir(), name);
    if (isLocked(abandoned)) continue;
    await stopLeftovers(abandoned);
    rmSync(abandoned, { recursive: true, force: true });
  }
  const home = mkdtempSync(join(tmpdir(), prefix));
  const release = lockHome(home, 0);
  return {
    home,
    remove() {
      release();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
