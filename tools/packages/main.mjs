import { join } from 'node:path';
import { Fault, report } from '../fault.mjs';
import { repository } from '../home.mjs';
import { run } from '../run.mjs';
import { checkPackages } from './check.mjs';

/** `npm run packages`: what would be published is whole, declares what it needs, and holds nothing else. */
async function main() {
  await run(process.execPath, [join(repository, 'tools', 'build.mjs'), '--libs', '--types', '--quiet']);
  const { libs, faults } = await checkPackages(repository);
  if (faults.length > 0) throw new Fault(faults.join('\n'));
  console.log(`${libs} packages are fit to be published`);
}

process.exitCode = await main().then(() => 0, report);
