import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerKind } from './brokers.js';
import { Shop } from './shop.js';
import type { ShopHandedOn } from './shop.js';
import { tools } from './tools.js';

/**
 * The one shop per broker that files of tests take in turns, since to start one takes longer than most of them. It outlives
 * the file and the process that started it; `npm test` ends it. A file that fails, dies, or leaves it in a state that nobody
 * expects has had it for itself: the next one starts another.
 */
export class SharedShop {
  private constructor(
    private readonly kind: BrokerKind,
    private readonly home: string,
    private readonly release: () => void,
    public shop: Shop,
  ) {}

  /** Waits for its turn. */
  static async take(kind: BrokerKind): Promise<SharedShop> {
    const homes = process.env.NESTBOX_TEST_HOME;
    if (!homes) throw new Error('NESTBOX_TEST_HOME is not set: run the tests through "npm test".');
    const home = join(homes, `shop-${kind}`);
    const release = await turn(join(homes, `turns-${kind}`));
    try {
      return new SharedShop(kind, home, release, await open(kind, home));
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Instead of one that cannot be trusted any more. */
  async renew(): Promise<void> {
    await this.close();
    this.shop = await open(this.kind, this.home);
  }

  async giveBack(): Promise<void> {
    try {
      const given = await this.shop.handOn();
      writeFileSync(handedOn(this.home), JSON.stringify(given));
    } catch (error) {
      process.stderr.write(`The next file on ${this.kind} starts a shop of its own: ${(error as Error).message}\n`);
      await this.close();
    } finally {
      this.release();
    }
  }

  async throwAway(): Promise<void> {
    await this.close().finally(this.release);
  }

  private async close(): Promise<void> {
    await this.shop.stop().finally(() => clear(this.home));
  }
}

const handedOn = (home: string) => join(home, 'handed-on.json');

async function open(kind: BrokerKind, home: string): Promise<Shop> {
  const file = handedOn(home);
  if (existsSync(file)) {
    const given = JSON.parse(readFileSync(file, 'utf8')) as ShopHandedOn;
    // Whoever dies with it leaves nothing that anybody would go on with.
    rmSync(file);
    return Shop.adopt(kind, home, given);
  }
  await clear(home);
  mkdirSync(home, { recursive: true });
  return Shop.start(kind, home);
}

/** What a file that died in the middle of it has left. */
async function clear(home: string): Promise<void> {
  const { stopLeftovers } = await tools();
  await stopLeftovers(home);
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}

async function turn(folder: string): Promise<() => void> {
  const { lockHome } = await tools();
  for (;;) {
    try {
      return lockHome(folder, 0);
    } catch (error) {
      if ((error as Error).constructor.name !== 'Fault') throw error;
      await pause(200);
    }
  }
}
