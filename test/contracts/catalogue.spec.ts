import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { Parser } from '@asyncapi/parser';
import { ProtoBuffSchemaParser } from '@asyncapi/protobuf-schema-parser';
import sdk from '@eventcatalog/sdk';
import { catalogueOf, readBaselines, sendersIn, staleIn } from '@nestbox/schema';
import type { ContractCatalog } from '@nestbox/schema';
import { loadHouse, releasesFolder } from '../support/house.js';
import { root } from '../support/tools.js';

const docs = join(root, 'docs');
// Its types are those of its CommonJS half, where the function is one floor deeper.
const eventCatalog = sdk as unknown as typeof sdk.default;

describe('the catalogue', () => {
  let house: ContractCatalog;

  beforeAll(async () => {
    house = await loadHouse();
  });

  it('says what the code says: otherwise run "npm run catalogue"', () => {
    const { name: title, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
    const senders = sendersIn(join(root, 'apps'));
    const files = catalogueOf({ catalog: house, baselines: readBaselines(releasesFolder), senders, title, version });
    expect(staleIn(docs, files)).toEqual([]);
  });

  it('is AsyncAPI 3.0 by its own parser, with every contract in it', async () => {
    const parser = new Parser();
    parser.registerSchemaParser(AvroSchemaParser());
    parser.registerSchemaParser(ProtoBuffSchemaParser());
    const { document, diagnostics } = await parser.parse(readFileSync(join(docs, 'asyncapi.json'), 'utf8'));
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document!.version()).toBe('3.0.0');
    const names = document!.messages().all().map((message) => message.name());
    expect([...names].sort()).toEqual(house.contracts.map(({ name }) => name).sort());
    const senders = (type: string) =>
      document!.operations().all().filter((one) => one.isSend() && one.messages().all().some((message) => message.name() === type));
    for (const { name } of house.contracts) expect(senders(name)).toHaveLength(1);
  });

  it('is read by EventCatalog: services with what they send and receive, messages with their schemas', async () => {
    const catalog = eventCatalog(join(docs, 'eventcatalog'));
    const services = await catalog.getServices();
    const apps = new Set([...house.contracts.map(({ context }) => context), ...house.readers.map(({ app }) => app)]);
    expect(services.map(({ id }) => id).sort()).toEqual([...apps].sort());
    const told = services.flatMap(({ sends = [], receives = [] }) => [...sends, ...receives]);
    const known = [...((await catalog.getEvents()) ?? []), ...((await catalog.getCommands()) ?? [])];
    expect(known.map(({ id }) => id).sort()).toEqual(house.contracts.map(({ type }) => type).sort());
    expect(told.filter(({ id, version }) => !known.some((one) => one.id === id && one.version === version))).toEqual([]);
    const topics = new Set(house.contracts.map(({ topic }) => topic));
    expect((await catalog.getChannels()).map(({ id }) => id).sort()).toEqual([...topics].sort());
    const schema = await catalog.getSchemaForMessage('ProductListed');
    expect(JSON.parse(schema!.schema)).toMatchObject({ type: 'record', name: 'ProductListed' });
  });
});
