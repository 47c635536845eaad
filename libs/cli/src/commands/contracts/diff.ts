import { defineCommand } from '../../command.js';
import { readRepository } from '../../contracts/repository.js';
import { table } from '../../table.js';

export const contractsDiff = defineCommand({
  name: 'contracts diff',
  summary: 'what has changed in the contracts since their last release',
  async run() {
    const { changesBetween, unreleased } = await import('@nestbox/schema');
    const { catalog, baselines } = await readRepository();
    const changed = unreleased(catalog, baselines).map((contract) => {
      const last = baselines.releases.get(contract.name)?.at(-1);
      return { contract: contract.name, since: last?.release ?? null, changes: last ? changesBetween(last.schema, contract.schema) : [] };
    });
    const rows = changed.flatMap(({ contract, since, changes }) => {
      if (since === null) return [[contract, '', 'new', '', '']];
      if (changes.length === 0) return [[contract, '', 'limits, examples or wire form', '', '']];
      return changes.map(({ path, what, before, after }) => [contract, path, what, before ?? '', after ?? '']);
    });
    const headings = ['CONTRACT', 'FIELD', 'CHANGE', `BEFORE`, 'NOW'];
    return { text: table(headings, rows, 'Every contract is as it was released.'), json: changed };
  },
});
