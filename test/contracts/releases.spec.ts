import * as contracts from '@nestbox/contracts';
import { readEventData } from '@nestbox/kernel';
import type { EventContract } from '@nestbox/kernel';
import { decoderOf, encoderOf, findingsIn, readBaselines, remarksOn } from '@nestbox/schema';
import type { ContractCatalog, JsonSchema } from '@nestbox/schema';
import { Ajv } from 'ajv';
import { loadHouse, releasesFolder } from '../support/house.js';

const baselines = readBaselines(releasesFolder);
const corpus = [...baselines.releases.values()].flat().flatMap((release) =>
  release.examples.map((example, n) => ({ name: `${release.contract} release ${release.release}, example ${n + 1}`, release, example })),
);
const known = Object.values(contracts) as unknown as EventContract[];
const versionOf = (contract: string) => Number(/\.v(\d+)$/.exec(contract)![1]);
const typeOf = (contract: string) => contract.split('.')[1]!;

/** Today's contract of an event: its highest version. */
const today = (contract: string) =>
  known.filter((one) => one.type === typeOf(contract) && one.schema).sort((a, b) => b.version - a.version)[0];

describe('everything that was ever released', () => {
  let house: ContractCatalog;

  beforeAll(async () => {
    house = await loadHouse();
  });

  it('is there to be read', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(6);
  });

  it.each(corpus)('is understood by today’s contract: $name', ({ release, example }) => {
    const contract = today(release.contract)!;
    const sent = release.wire ? decoderOf(release.wire, contract.wire)(encoderOf(release.wire)(example)) : example;
    expect(readEventData(contract, versionOf(release.contract), sent).issues).toBeUndefined();
  });

  it.each(corpus)('is understood by every handler that says what it reads: $name', ({ release, example }) => {
    const readers = house.readers.filter(({ contract, reads }) => reads && typeOf(contract) === typeOf(release.contract));
    for (const { reads } of readers) {
      const contract = today(release.contract)!;
      const { value } = readEventData(contract, versionOf(release.contract), example) as { value: unknown };
      expect(new Ajv({ strict: false, validateFormats: false }).validate(reads as object, value)).toBe(true);
    }
  });

  it('belongs to a contract that still exists, because events written under it may still come', () => {
    expect([...baselines.releases.keys()].filter((name) => today(name) === undefined)).toEqual([]);
  });
});

describe('the gate on this house', () => {
  let house: ContractCatalog;

  beforeAll(async () => {
    house = await loadHouse();
  });

  /** The house after a change of what OrderPlaced looks like. */
  const withOrderPlaced = (change: (schema: Schema) => JsonSchema): ContractCatalog => ({
    ...house,
    contracts: house.contracts.map((contract) =>
      contract.name === 'checkout.OrderPlaced.v1' ? { ...contract, schema: change(contract.schema as unknown as Schema) } : contract,
    ),
  });
  interface Schema {
    readonly properties: Record<string, JsonSchema>;
    readonly required: readonly string[];
  }

  it('lets it pass as it stands, by the rules, too', () => {
    expect(findingsIn(house, baselines)).toEqual([]);
    expect(house.contracts.flatMap(remarksOn)).toEqual([]);
  });

  it('stops a renamed field of OrderPlaced, naming email and analytics, who read it, and not inventory, which does not', () => {
    const renamed = withOrderPlaced(({ properties: { email, ...others }, required, ...rest }) => ({
      ...rest,
      properties: { ...others, mail: email! },
      required: required.map((name) => (name === 'email' ? 'mail' : name)),
    }));
    const sentences = findingsIn(renamed, baselines).map(({ sentence }) => sentence);
    const [told] = sentences.filter((sentence) => sentence.includes('renamed to "mail"?'));
    expect(told).toMatch(/analytics \(analytics\.count-funnel, analytics\.count-revenue\), email \(email\.confirm-order\) and fulfilment/);
    expect(sentences.join()).not.toContain('inventory');
  });

  it('lets an optional field of OrderPlaced pass', () => {
    const added = withOrderPlaced(({ properties, ...rest }) => ({ ...rest, properties: { ...properties, note: { type: 'string' } } }));
    expect(findingsIn(added, baselines)).toEqual([]);
  });
});
