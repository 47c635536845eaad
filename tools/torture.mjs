import { requireNode } from './start/node-version.mjs';

requireNode();
import('./torture/main.mjs').then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2));
});
