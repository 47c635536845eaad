import { parseArgs } from 'node:util';
import { compile } from './build/compile.mjs';
import { writeDeclarations } from './build/declarations.mjs';
import { buildUnits } from './build/units.mjs';
import { Fault, report } from './fault.mjs';

const usage = 'usage: node tools/build.mjs [--libs] [--types] [--quiet]';

/**
 * libs/<lib>/src to libs/<lib>/dist and, unless --libs, apps/<app>/src to dist/apps/<app>. Checks no types. Declarations
 * cost seconds and are for packages alone: --types.
 */
async function main() {
  const { libs, types, quiet } = readArguments();
  const started = performance.now();
  const swc = await loadSwc();
  if (!swc) return;
  const units = buildUnits({ appsToo: !libs });
  const counts = await Promise.all(units.map((unit) => compile(unit, swc)));
  const declarations = types ? await writeDeclarations() : 0;
  const files = counts.reduce((sum, count) => sum + count, 0) + declarations;
  if (!quiet)
    console.log(
      `built ${units.length} libs and apps, ${files} files, in ${Math.round(performance.now() - started)} ms`,
    );
}

async function loadSwc() {
  try {
    return await import('@swc/core');
  } catch (error) {
    // An install without the development dependencies (an image's last stage) has no compiler and needs none.
    if (process.env.npm_lifecycle_event === 'prepare') return undefined;
    throw new Fault(
      `The compiler @swc/core cannot be loaded: run "npm ci" (${/** @type {Error} */ (error).message.split('\n')[0]})`,
    );
  }
}

function readArguments() {
  try {
    const options = {
      libs: { type: /** @type {const} */ ('boolean') },
      types: { type: /** @type {const} */ ('boolean') },
      quiet: { type: /** @type {const} */ ('boolean') },
    };
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Fault(`${/** @type {Error} */ (error).message}; ${usage}`, 2);
  }
}

process.exitCode = await main().then(() => 0, report);
