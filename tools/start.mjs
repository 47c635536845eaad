import { requireNode } from './start/node-version.mjs';

// Everything else is imported after this check: it uses what an older Node does not have.
requireNode();
import('./start/main.mjs').then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2));
});
