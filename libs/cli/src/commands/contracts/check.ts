import { defineCommand } from '../../command.js';
import { catalogueFor } from '../../contracts/catalogue.js';
import { readRepository } from '../../contracts/repository.js';

const SHOWN = 3;

export const contractsCheck = defineCommand({
  name: 'contracts check',
  summary: 'what would break if the contracts were released as they are, and for whom',
  more: `Offline: compares every contract with its releases in libs/contracts/schemas under its compatibility level, and with
what each handler says it reads; and the catalogue with the code. Exit code 1 when something breaks, or is stale.`,
  async run() {
    const { findingsIn, remarksOn, staleIn, unreleased } = await import('@nestbox/schema');
    const repository = await readRepository();
    const { catalog, baselines } = repository;
    const findings = findingsIn(catalog, baselines);
    const remarks = catalog.contracts.flatMap(remarksOn);
    const open = unreleased(catalog, baselines).map(({ name }) => name);
    const { folder, files } = await catalogueFor(repository);
    const stale = staleIn(folder, files).map((path) => `docs/${path}`);
    const broken = findings.length > 0 || remarks.length > 0;
    const lines = [
      ...findings.flatMap(({ sentence, ...finding }) => [`breaks: ${sentence}`, ...shown(finding)]),
      ...remarks.map((remark) => `rule: ${remark}`),
      ...(open.length > 0 ? [`not released yet: ${open.join(', ')} ("npx nestbox contracts release" freezes them)`] : []),
      ...(stale.length > 0 ? [`stale: ${few(stale)} ("npx nestbox contracts catalogue" writes them anew)`] : []),
      broken
        ? 'Make the change another way, or as a new version with an upcaster: docs/contracts.md.'
        : `${catalog.contracts.length} contracts, ${catalog.readers.length} readers: nothing breaks.`,
    ];
    const json = { findings, remarks, unreleased: open, stale };
    return { text: lines.join('\n'), json, failed: broken || stale.length > 0 };
  },
});

function shown({ counterexample, direction, release }: { counterexample?: string; direction: string; release: number }): string[] {
  if (counterexample === undefined) return [];
  const [refusing, allowing] = direction === 'backward' ? ['the contract as it is now', `release ${release}`] : [`a reader of release ${release}`, 'the contract as it is now'];
  return [`        ${direction === 'now' ? 'the reader' : refusing} refuses ${counterexample}, which ${allowing} allows`];
}

function few(paths: readonly string[]): string {
  const others = paths.length - SHOWN;
  return others > 0 ? `${paths.slice(0, SHOWN).join(', ')} and ${others} more` : paths.join(', ');
}
