import { defineCommand } from '../../command.js';
import { catalogueFor } from '../../contracts/catalogue.js';
import { readRepository } from '../../contracts/repository.js';
import { Fault } from '../../fault.js';

export const contractsRelease = defineCommand({
  name: 'contracts release',
  summary: 'freeze the contracts as they are now, and what each handler reads',
  options: { breaking: { type: 'boolean', about: 'even where something breaks, because nobody runs the old code any more' } },
  more: `Writes libs/contracts/schemas, and the catalogue anew: commit both with the change. What has been released is never
changed.`,
  async run({ options }) {
    const { findingsIn, readBaselines, release, writeCatalogue } = await import('@nestbox/schema');
    const { root, catalog, baselines, folder } = await readRepository();
    const [finding] = findingsIn(catalog, baselines);
    if (finding && !options.breaking) throw new Fault(`${finding.sentence} Nothing was released.`);
    const written = release(catalog, baselines, folder);
    const catalogue = await catalogueFor({ root, catalog, baselines: readBaselines(folder) });
    writeCatalogue(catalogue.folder, catalogue.files);
    return { text: written.length > 0 ? written.join('\n') : 'Nothing is new since the last release.', json: written };
  },
});
