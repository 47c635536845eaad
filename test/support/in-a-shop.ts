import { describeOnKafka, names } from './brokers.js';
import type { BrokerKind } from './brokers.js';
import { SharedShop } from './shared-shop.js';
import type { Shop } from './shop.js';

declare global {
  /** Set by jest.config.mjs: every `.shop.e2e-spec` runs once on each. */
  var NESTBOX_BROKER: BrokerKind;
  /** Set by tools/test/environment.mjs once a test or a hook of this file has failed. */
  var NESTBOX_HAS_FAILED: boolean | undefined;
}

/** Others of the same broker may have their turn first, each with minutes of its own. */
const PATIENCE_MS = 3_600_000;
const START_MS = 300_000;

/**
 * What happens to a whole shop, that others have used and others are going to use: it begins and has to end with every app
 * up and nothing under way. After a test that failed the next one gets a shop that nobody has used.
 */
export function describeInAShop(title: string, suite: (theShop: () => Shop, broker: BrokerKind) => void): void {
  const kind = globalThis.NESTBOX_BROKER;
  const describeHere = kind === 'kafka' ? describeOnKafka : describe;
  describeHere(`The whole shop ${title}, on ${names[kind]}`, () => {
    let shared: SharedShop;
    beforeAll(async () => {
      shared = await SharedShop.take(kind);
    }, PATIENCE_MS);
    beforeEach(async () => {
      if (!globalThis.NESTBOX_HAS_FAILED) return;
      globalThis.NESTBOX_HAS_FAILED = false;
      await shared.renew();
    }, START_MS);
    // A test that has failed leaves nobody behind who goes on ordering during the next one.
    afterEach(() => shared.shop.customers.forEach((customer) => customer.goHome()));
    afterAll(() => (globalThis.NESTBOX_HAS_FAILED ? shared?.throwAway() : shared.giveBack()), START_MS);

    suite(() => shared.shop, kind);
  });
}
