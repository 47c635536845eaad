import { aboutTokens } from './doors.mjs';
import { mailsFile } from './mail-process.mjs';

const purposes = /** @type {Record<string, string>} */ ({
  checkout: 'place, look up and cancel orders',
  inventory: 'products and stock',
  payments: 'payments, the ledger, and how the sandbox behaves',
  shipping: 'shipments, and where the carrier does not go',
  fulfilment: 'how far orders are, and what they wait for',
  email: 'mails sent',
  analytics: 'revenue and funnel',
  search: 'products and orders by words',
  registry: 'schemas of the events',
});

/**
 * @param {{ apps: string[], ports: Record<string, number>, home: string, base: number, broker: string }} shop
 * @returns {string}
 */
export function summary({ apps, ports, home, base, broker }) {
  const at = (/** @type {string} */ app) => `http://127.0.0.1:${ports[app]}`;
  const rows = apps.map((app) => [app, at(app), `${purposes[app] ?? ''}, API at ${at(app)}/docs`]);
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
