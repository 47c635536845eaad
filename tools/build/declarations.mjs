import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Fault } from '../fault.mjs';
import { repository } from '../home.mjs';
import { filesIn, writeIfChanged } from './files.mjs';
import { reachedFrom } from './reachable.mjs';
import { publishedUnits } from './units.mjs';

// Apart from dist, so that what the compiler remembers is true whatever happens to a dist.
const drafts = join(repository, 'node_modules', '.cache', 'nestbox-declarations');
const stampFile = join(drafts, 'stamp.json');

/**
 * Writes the .d.ts of every published lib: one program for all, of what their doors lead to. Checks no types apart
 * from what a declaration needs: that is `npm run typecheck`.
 * @returns {Promise<number>} number of declarations
 */
export async function writeDeclarations() {
  const units = publishedUnits();
  const sources = new Set(await emitIfChanged(units));
  const counts = await Promise.all(units.map((unit) => place(unit, sources)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The compiler reads everything before it knows that nothing has changed: seconds, which a look at the sources saves.
 * @param {ReturnType<typeof publishedUnits>} units
 * @returns {Promise<string[]>} the sources of the drafts
 */
async function emitIfChanged(units) {
  const roots = units.flatMap((unit) => unit.doors.map((door) => sourceOf(door, unit)));
  const stamp = await stampOf(roots, units);
  const known = await readFile(stampFile, 'utf8').then(JSON.parse, () => undefined);
  if (known?.stamp === stamp) return known.sources;
  const { default: ts } = await import('typescript');
  const sources = [...emit(ts, roots)];
  await writeIfChanged(stampFile, JSON.stringify({ stamp, sources }));
  return sources;
}

/** @param {string[]} roots @param {ReturnType<typeof publishedUnits>} units */
async function stampOf(roots, units) {
  const hash = createHash('sha256').update(roots.join());
  const sources = (await Promise.all(units.map(({ source }) => filesIn(source)))).flat().sort();
  const settings = ['tsconfig.json', 'package-lock.json'].map((file) => join(repository, file));
  for (const file of [...settings, ...sources]) hash.update(file).update(await readFile(file));
  return hash.digest('hex');
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
 * Places what the doors lead to: a type that only the insides speak of is not for readers of a package.
 * @param {import('./units.mjs').BuildUnit & { doors: string[] }} unit
 * @param {Set<string>} sources what the program read; the drafts may hold more, from sources that are gone
 */
async function place({ name, source, output, doors }, sources) {
  const drawn = (await filesIn(join(drafts, 'libs', name, 'src'))).filter((draft) => sources.has(sourceFor(draft)));
  const written = new Map(
    await Promise.all(drawn.map(async (draft) => /** @type {const} */ ([join(output, relative(source, declarationFor(draft))), await readFile(draft)]))),
  );
  const typed = doors.map((door) => door.replace(/\.js$/, '.d.ts'));
  const reached = reachedFrom(typed, written, '.d.ts');
  for (const target of reached) await writeIfChanged(target, written.get(target) ?? '');
  for (const file of await filesIn(output)) {
    if (file.endsWith('.d.ts') && !reached.has(file)) await rm(file, { force: true });
  }
  return reached.size;
}

/** @param {string} draft */
const sourceFor = (draft) => join(repository, relative(drafts, draft)).replace(/\.d\.ts$/, '.ts');

/** @param {string} draft */
const declarationFor = (draft) => join(repository, relative(drafts, draft));
