import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEvent } from '@nestbox/kernel';
import type { EventContract } from '@nestbox/kernel';
import { z } from 'zod';
import { readBaselines, release, unreleased } from './baselines.js';
import { findingsIn } from './findings.js';
import { viewOf } from './contract-catalog.js';
import type { ContractCatalog } from './contract-catalog.js';

const fields = { orderId: z.string(), email: z.string(), totalCents: z.int(), reason: z.enum(['customer', 'stock']) };
const example = { orderId: 'order-1', email: 'ada@example.com', totalCents: 100, reason: 'customer' };

function catalog(shape: z.ZodRawShape = fields, rest: Partial<EventContract> = {}): ContractCatalog {
  const contract = defineEvent({
    type: 'OrderPlaced', version: 1, topic: 'checkout.orders', description: 'An order was placed.',
    schema: z.object(shape) as never, key: () => 'order-1', examples: [{ ...example, mail: 'ada@example.com' }] as never[],
    ...(rest as object),
  });
  const reads = { type: 'object', properties: { email: { type: 'string' } }, required: ['email'] };
  const readers = [
    { handler: 'analytics.count-revenue', app: 'analytics', contract: 'checkout.OrderPlaced.v1', kind: 'projection' as const },
    { handler: 'email.confirm-order', app: 'email', contract: 'checkout.OrderPlaced.v1', kind: 'reaction' as const, reads },
  ];
  return { contracts: [viewOf(contract as unknown as EventContract)], readers };
}

const onlyEmail = (given: ContractCatalog): ContractCatalog => ({ ...given, readers: given.readers.slice(1) });

describe('the gate', () => {
  let folder: string;
  const released = (given: ContractCatalog = catalog()) => {
    release(given, readBaselines(folder), folder);
    return readBaselines(folder);
  };
  const sentences = (given: ContractCatalog, then: ContractCatalog = catalog()) => findingsIn(given, released(then)).map(({ sentence }) => sentence);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'releases-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says of a renamed field who reads it', () => {
    const { email, ...others } = fields;
    expect(sentences(catalog({ ...others, mail: email }))).toContain(
      'OrderPlaced v1 at "email": the reader requires "email", the writer does not have it (renamed to "mail"?); ' +
        'what is written now cannot be read by analytics (analytics.count-revenue) and email (email.confirm-order).',
    );
  });

  it('lets an optional field in', () => {
    expect(sentences(catalog({ ...fields, note: z.string().optional() }))).toEqual([]);
  });

  it('lets pass what nobody reads, where everybody says what he reads', () => {
    const { totalCents: _gone, ...others } = fields;
    expect(sentences(onlyEmail(catalog(others)), onlyEmail(catalog()))).toEqual([]);
    expect(sentences(catalog(others))).not.toEqual([]);
  });

  it('keeps its word to readers outside where nobody inside reads at all', () => {
    const { email: _gone, ...others } = fields;
    const alone = (given: ContractCatalog) => ({ ...given, readers: [] });
    expect(sentences(alone(catalog(others)), alone(catalog()))[0]).toMatch(/cannot be read by readers outside the house/);
  });

  it('goes by what a reader read when it was released, not by what it has been changed to', () => {
    const { email: _gone, ...others } = fields;
    const [analytics, email] = catalog().readers;
    const relaxed = { ...catalog(others), readers: [analytics!, { ...email!, reads: true }] };
    expect(sentences(relaxed)[0]).toMatch(/email \(email\.confirm-order\)/);
  });

  it('looks back as far as the level says', () => {
    const narrowed = (compatibility: EventContract['compatibility']) =>
      catalog({ ...fields, reason: z.enum(['customer']) }, { compatibility });
    released(catalog());
    const baselines = released(narrowed('NONE'));
    expect(baselines.releases.get('checkout.OrderPlaced.v1')).toHaveLength(2);
    expect(findingsIn(narrowed('BACKWARD'), baselines)).toEqual([]);
    expect(findingsIn(narrowed('BACKWARD_TRANSITIVE'), baselines)).toMatchObject([{ path: 'reason', release: 1 }]);
  });

  it('finds a reader that asks for what the contract has never had', () => {
    const given = catalog();
    const [analytics, email] = given.readers;
    const reads = { type: 'object', properties: { phone: { type: 'string' } }, required: ['phone'] };
    expect(sentences({ ...given, readers: [analytics!, { ...email!, reads }] })).toContain(
      'OrderPlaced v1 at "phone": the reader requires "phone", the writer does not have it; ' +
        'what is written does not suit email (email.confirm-order).',
    );
  });

  it('never changes what has been released, and releases only what is new', () => {
    released();
    const first = join(folder, 'checkout.OrderPlaced.v1', '1.json');
    const before = readFileSync(first, 'utf8');
    expect(unreleased(catalog(), readBaselines(folder))).toEqual([]);
    expect(release(catalog(), readBaselines(folder), folder)).toEqual([]);
    expect(release(catalog({ ...fields, note: z.string().optional() }), readBaselines(folder), folder)).toEqual([
      'checkout.OrderPlaced.v1 release 2',
    ]);
    expect(readFileSync(first, 'utf8')).toBe(before);
  });
});
