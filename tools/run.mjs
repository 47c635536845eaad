import { spawn } from 'node:child_process';
import { Fault } from './fault.mjs';

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string>} what it printed
 * @throws a Fault that holds the end of what it printed, if it fails
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Fault(`${command} ended with ${signal ?? code}: ${endOf(output)}`));
    });
  });
}

/** @param {string} output */
function endOf(output) {
  return output.trim().split('\n').slice(-15).join('\n');
}
