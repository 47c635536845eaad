import { ProductListed, topics } from '@nestbox/contracts';
import { InMemoryBroker } from '@nestbox/eventing/testing';
import { InventoryModule } from '../../apps/inventory/src/inventory.module.js';
import { migrations } from '../../apps/inventory/src/persistence/migrations/index.js';
import { RegistryApp } from '../support/registry-app.js';
import { Shell } from '../support/shell.js';
import { ShopApp } from '../support/shop-app.js';
import { recordOf } from './record-of.js';

interface Published {
  readonly contract: string;
  readonly format: string;
  readonly id: number;
  readonly isNew: boolean;
}

describe('npx nestbox contracts publish', () => {
  let registry: RegistryApp;

  beforeAll(async () => {
    registry = await RegistryApp.start();
  });
  afterAll(() => registry.stop());

  const publish = (url: string) => new Shell(`node libs/cli/bin/nestbox.mjs contracts publish --json --registry ${url}`, {}).ended;

  it('says in one line that it may not', async () => {
    const { code, stderr } = await publish(registry.url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The registry refuses \/config\/\S+: Unauthorized.*: put user and password into its address$/m);
  });

  it('registers every contract once, under the ids that the shop then writes', async () => {
    const first = JSON.parse((await publish(registry.urlToWrite)).stdout) as Published[];
    expect(first.length).toBeGreaterThanOrEqual(20);
    expect(first.filter(({ isNew }) => !isNew)).toEqual([]);
    expect((await registry.get('/config/inventory.ProductListed.v1')).body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
    const again = JSON.parse((await publish(registry.urlToWrite)).stdout) as Published[];
    expect(again).toEqual(first.map((one) => ({ ...one, isNew: false })));

    const broker = new InMemoryBroker();
    await broker.ensureTopics(topics);
    // An address without credentials: what is not published cannot be written.
    const inventory = await ShopApp.start(InventoryModule, migrations, { broker, schemaRegistryUrl: registry.url } as never);
    try {
      await inventory.send('PUT', '/products/mug-blue', { name: 'Blue mug', priceCents: 1250, onHand: 10 });
      const { value } = await recordOf(broker, ProductListed);
      expect(value!.readUInt32BE(1)).toBe(first.find(({ contract }) => contract === ProductListed.name)!.id);
    } finally {
      await inventory.stop();
      await broker.close();
    }
  });
});
