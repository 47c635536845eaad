import { describeDelivery } from './contract/delivery.js';
import { describeGroups } from './contract/groups.js';
import { Scene } from './contract/harness.js';
import type { BrokerHarness } from './contract/harness.js';
import { describePublishing } from './contract/publishing.js';

/** Tests everything that an adapter of the Broker port promises; needs jest. Run it on each adapter, the in-memory one too. */
export function describeBrokerContract(name: string, createHarness: () => Promise<BrokerHarness>): void {
  describe(`The broker contract, kept by ${name}`, () => {
    let harness: BrokerHarness;
    let scene: Scene;

    beforeAll(async () => {
      harness = await createHarness();
    });
    afterAll(() => harness?.close());
    beforeEach(() => {
      scene = new Scene(harness);
    });
    afterEach(() => scene.close());

    describePublishing(() => scene);
    describeDelivery(() => scene);
    describeGroups(() => scene, () => harness);
  });
}
