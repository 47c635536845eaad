import { defineCommand } from '../../command.js';
import { catalogueFor } from '../../contracts/catalogue.js';
import { readRepository } from '../../contracts/repository.js';

export const contractsCatalogue = defineCommand({
  name: 'contracts catalogue',
  summary: 'write docs/events.md, docs/asyncapi.json and docs/eventcatalog anew from the code',
  async run() {
    const { writeCatalogue } = await import('@nestbox/schema');
    const { folder, files } = await catalogueFor(await readRepository());
    const written = writeCatalogue(folder, files);
    return { text: written.length > 0 ? written.map((path) => `docs/${path}`).join('\n') : 'The catalogue is as the code is.', json: written };
  },
});
