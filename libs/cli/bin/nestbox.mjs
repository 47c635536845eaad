#!/usr/bin/env node
const { main } = await import('../dist/main.js').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('Nestbox is not built: run "npm ci", or "npm run build" after a change.\n');
  process.exit(1);
});
process.exitCode = await main(process.argv.slice(2));
