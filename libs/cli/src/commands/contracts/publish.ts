import { defineCommand } from '../../command.js';
import { readRepository } from '../../contracts/repository.js';
import { Registry } from '../../contracts/registry.js';
import { Fault } from '../../fault.js';
import { findRegistry } from '../../shop/shop.js';
import { table } from '../../table.js';

export const contractsPublish = defineCommand({
  name: 'contracts publish',
  summary: 'register every contract with the schema registry, under its name and its compatibility level',
  options: {
    registry: {
      type: 'string',
      value: '<url>',
      about: 'http://user:password@host:port. Default: SCHEMA_REGISTRY_URL, or the registry of "npm start"',
    },
  },
  more: `Only what "contracts check" passes is published. What the registry has already stays as it is. Contracts that travel as
JSON are registered for whoever wants to read them there, under level NONE: what they may become is the gate's business.`,
  async run({ options, env }) {
    const { findingsIn } = await import('@nestbox/schema');
    const { catalog, baselines } = await readRepository();
    const [finding] = findingsIn(catalog, baselines);
    if (finding) throw new Fault(`${finding.sentence} Nothing was published.`);
    const { url, token } = findRegistry(options.registry, env);
    const registry = new Registry(url, token);
    const published = [];
    for (const contract of catalog.contracts) published.push(await registry.publish(contract));
    const rows = published.map(({ contract, format, id, isNew }) => [contract, format, id, isNew ? 'registered' : 'was there']);
    return { text: table(['CONTRACT', 'FORMAT', 'ID', ''], rows, 'There are no contracts.'), json: published };
  },
});
