import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endByPid } from '../processes.mjs';
import { commandOf, startTimeOf } from '../process-identity.mjs';

/**
 * Clears the way for a start: a server that still runs on this data is stopped; a postmaster.pid whose pid now
 * belongs to another program is removed, since PostgreSQL would refuse to start because of it.
 * @param {string} data
 */
export async function stopStaleServer(data) {
  const file = join(data, 'postmaster.pid');
  let pid;
  try {
    pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  } catch {
    return;
  }
  const startTime = startTimeOf(pid);
  if (startTime !== undefined && commandOf(pid).includes(data)) await endByPid(pid, startTime, 'SIGINT');
  rmSync(file, { force: true });
}
