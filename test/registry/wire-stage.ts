import { OrderCancelled, OrderPlaced, StockReserved, topics } from '@nestbox/contracts';
import { scratchDatabase } from '@nestbox/database/testing';
import { brokerMigrations, createBroker } from '@nestbox/eventing';
import type { Broker } from '@nestbox/eventing';
import { uuid7 } from '@nestbox/kernel';
import { InventoryModule } from '../../apps/inventory/src/inventory.module.js';
import { migrations as inventoryMigrations } from '../../apps/inventory/src/persistence/migrations/index.js';
import { migrations as searchMigrations } from '../../apps/search/src/persistence/migrations/index.js';
import { SearchModule } from '../../apps/search/src/search.module.js';
import type { BrokerKind } from '../support/brokers.js';
import { OwnKafka } from '../support/own-kafka.js';
import { sealed } from '../support/sealed.js';
import { ShopApp } from '../support/shop-app.js';
import { tools } from '../support/tools.js';
import { recordOf } from './record-of.js';

type BrokerChoice = { kind: 'postgres'; url: string } | { kind: 'kafka'; brokers: string[] };

/** Inventory, which writes Avro and Protobuf, search, which reads Avro, and what is between them. */
export class WireStage {
  inventory!: ShopApp;
  search!: ShopApp;
  private readonly ends: (() => unknown)[] = [];

  private constructor(
    /** A client of the test's own. */
    readonly broker: Broker,
    private readonly choice: BrokerChoice,
  ) {}

  /** The registry's addresses for who writes and who reads. */
  static async open(kind: BrokerKind, registry: { toWrite: string; toRead: string }): Promise<WireStage> {
    const ends: (() => unknown)[] = [];
    const choice = kind === 'kafka' ? await ownKafka(ends) : await embeddedLog(ends);
    const stage = new WireStage(await createBroker(choice, 'tests'), choice);
    stage.ends.push(...ends);
    await stage.broker.connect();
    await stage.broker.ensureTopics(topics);
    stage.inventory = await stage.start(InventoryModule, inventoryMigrations, registry.toWrite);
    await stage.startSearch(registry.toRead);
    return stage;
  }

  async startSearch(registryUrl: string): Promise<void> {
    this.search = await this.start(SearchModule, searchMigrations, registryUrl);
  }

  /** The same search again, as after a deployment. */
  async restartSearch(schemaRegistryUrl: string): Promise<void> {
    this.search = await this.search.restart(SearchModule, { broker: this.choice, schemaRegistryUrl } as never);
  }

  async close(): Promise<void> {
    await this.search?.stop();
    await this.inventory?.stop();
    await this.broker.close();
    for (const end of this.ends) await end();
  }

  async list(sku: string, name: string): Promise<void> {
    await this.inventory.send('PUT', `/products/${sku}`, { name, priceCents: 1250, onHand: 100 });
  }

  async found(words: string): Promise<string[]> {
    const { body } = await this.search.get<{ products: { sku: string }[] }>(`/search?q=${words}`);
    return body.products.map(({ sku }) => sku);
  }

  /** An order for two blue mugs that comes and goes, so that inventory releases what it had set aside. */
  async orderAndCancel(): Promise<string> {
    const [orderId, placedAt] = [uuid7(), new Date().toISOString()];
    const order = { orderId, userId: 'ada', email: 'ada@example.com', totalCents: 2500, placedAt };
    const lines = [{ sku: 'mug-blue', quantity: 2, unitPriceCents: 1250 }];
    await this.broker.publish([sealed(OrderPlaced, { ...order, lines }, { aggregateVersion: 1 }).record]);
    // The two handlers of inventory have no order between them: only what has been reserved can be released.
    await recordOf(this.broker, StockReserved);
    await this.broker.publish([sealed(OrderCancelled, { ...order, reason: 'customer' as const }, { aggregateVersion: 2 }).record]);
    return orderId;
  }

  private start(module: Parameters<typeof ShopApp.start>[0], migrations: Parameters<typeof ShopApp.start>[1], schemaRegistryUrl: string) {
    return ShopApp.start(module, migrations, { broker: this.choice, schemaRegistryUrl } as never);
  }
}

async function ownKafka(ends: (() => unknown)[]): Promise<BrokerChoice> {
  const { temporaryHome } = await tools();
  const { home, remove } = await temporaryHome();
  const kafka = await OwnKafka.start(home);
  ends.push(() => kafka.stop(), remove);
  return { kind: 'kafka', brokers: [kafka.brokers] };
}

async function embeddedLog(ends: (() => unknown)[]): Promise<BrokerChoice> {
  const database = await scratchDatabase(brokerMigrations);
  ends.push(() => database.drop());
  return { kind: 'postgres', url: database.url };
}
