import { spawnSync } from 'node:child_process';
import { Fault } from '../fault.mjs';

/** Enough for a shop and a Kafka for half an hour; little enough to be filled within seconds. */
const SIZE = '3g';

/**
 * Puts a disk of its own under a home: filling the machine's would hit more than the shop.
 * @param {string} home
 * @returns {() => void} takes it away
 */
export function mountSmallDisk(home) {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'nestbox', home], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Fault(`--disk needs a disk of its own, which only root on Linux may mount: ${stderr?.trim() || 'there is no "mount"'}`, 2);
  }
  return () => void spawnSync('umount', ['--lazy', home]);
}
