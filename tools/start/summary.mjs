import { readApps } from '../apps.mjs';
import { aboutTokens } from './doors.mjs';
import { mailsFile } from './mail-process.mjs';

/**
 * @param {{ apps: string[], ports: Record<string, number>, home: string, base: number, broker: string }} shop
 * @returns {string}
 */
export function summary({ apps, ports, home, base, broker }) {
  const at = (/** @type {string} */ app) => `http://127.0.0.1:${ports[app]}`;
  const rows = readApps()
    .filter(({ name }) => apps.includes(name))
    .map(({ name, about }) => [name, at(name), `${about}, API at ${at(name)}/docs`]);
  rows.push(['PostgreSQL', `127.0.0.1:${ports.postgres}`, `a database per app; passwords in ${home}/passwords.json`]);
  rows.push(['broker', broker, 'carries the events']);
  rows.push(['mails', `smtp://127.0.0.1:${ports.smtp}`, `kept in ${mailsFile(home)}, never sent on`]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => /** @type {string} */ (row[column]).length)));
  const table = rows.map((row) => `  ${row[0]?.padEnd(widths[0] ?? 0)}  ${row[1]?.padEnd(widths[1] ?? 0)}  ${row[2]}`);
  const prefix = base === 3000 ? '' : `PORT_BASE=${base} `;
  const tries = [
    `${prefix}npm run order -- --count 20 --rate 5`,
    `curl -s '${at('analytics')}/reports/revenue?by=day'`,
  ];
  return `\n${table.join('\n')}\n\nTry:\n${tries.map((line) => `  ${line}`).join('\n')}\n\n${aboutTokens(home)}\n`;
}
