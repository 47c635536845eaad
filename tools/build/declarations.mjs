import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { filesIn, writeIfChanged } from './files.mjs';
import { publishedUnits } from './units.mjs';

// Apart from dist, so that what the compiler remembers is true whatever happens to a dist.
const drafts = join(repository, 'node_modules', '.cache', 'nestbox-declarations');

/**
 * Writes the .d.ts of every published lib: one program for all, of what their doors lead to. Checks no types apart
 * from what a declaration needs: that is `npm run typecheck`.
 * @returns {Promise<number>} number of declarations
 */
export async function writeDeclarations() {
  const units = publishedUnits();
  const { default: ts } = await import('typescript');
  const sources = emit(ts, units.flatMap((unit) => unit.doors.map((door) => sourceOf(door, unit))));
  const counts = await Promise.all(units.map((unit) => place(unit, sources)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @param {string} door @param {{ source: string, output: string }} unit */
function sourceOf(door, { source, output }) {
  return join(source, relative(output, door).replace(/\.js$/, '.ts'));
}

/** @param {typeof import('typescript')} ts @param {string[]} rootNames @returns {Set<string>} the sources that were read */
function emit(ts, rootNames) {
  const options = compilerOptions(ts);
  const host = ts.createIncrementalCompilerHost(options);
  const program = ts.createIncrementalProgram({ rootNames, options, host });
  const { diagnostics } = program.emit();
  const faults = [...program.getConfigFileParsingDiagnostics(), ...diagnostics];
  if (faults.length === 0) return new Set(program.getSourceFiles().map(({ fileName }) => fileName));
  const formatHost = { ...host, getCurrentDirectory: () => repository };
  throw new Fault(`The declarations cannot be written:\n${ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(faults), formatHost)}`);
}

/** @param {typeof import('typescript')} ts @returns {import('typescript').CompilerOptions} */
function compilerOptions(ts) {
  const { config } = ts.readConfigFile(join(repository, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, repository);
  return {
    ...options,
    types: ['node'],
    sourceMap: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    incremental: true,
    outDir: drafts,
    tsBuildInfoFile: join(drafts, 'all.tsbuildinfo'),
  };
}

/**
 * @param {import('./units.mjs').BuildUnit} unit
 * @param {Set<string>} sources what the program read; the drafts may hold more, from sources that are gone
 */
async function place({ name, source, output }, sources) {
  const written = (await filesIn(join(drafts, 'libs', name, 'src'))).filter((draft) => sources.has(sourceFor(draft)));
  const expected = new Map(written.map((draft) => [join(output, relative(source, declarationFor(draft))), draft]));
  for (const [target, draft] of expected) await writeIfChanged(target, await readFile(draft));
  for (const file of await filesIn(output)) {
    if (file.endsWith('.d.ts') && !expected.has(file)) await rm(file, { force: true });
  }
  return expected.size;
}

/** @param {string} draft */
const sourceFor = (draft) => join(repository, relative(drafts, draft)).replace(/\.d\.ts$/, '.ts');

/** @param {string} draft */
const declarationFor = (draft) => join(repository, relative(drafts, draft));
