import { readFileSync } from 'node:fs';
import { topics as everyTopic } from '@nestbox/contracts';
import { eventually } from '@nestbox/eventing/testing';
import type { Customer } from './customer.js';
import type { Shop } from './shop.js';
import { everythingOn } from './topics.js';

/** A run whose fault did not happen proves nothing: it fails as void. */
export function proveFired(fault: string, happened: boolean): void {
  if (!happened) throw new Error(`Void: ${fault}`);
}

/** Resolves once this customer has been given so many orders more. */
export async function moreOrders(customer: Customer, count: number): Promise<void> {
  const wanted = customer.purchases.length + count;
  await eventually(() => expect(customer.purchases.length).toBeGreaterThanOrEqual(wanted), { timeoutMs: 90_000 });
}

/** How many events each group has handled whose offset it has not committed: a crash just then leaves some. */
export async function handledBeyondOffset(shop: Shop, groups: readonly string[]): Promise<number[]> {
  const topics = everyTopic.map(({ name }) => name);
  const broker = await shop.broker();
  const lags = await Promise.all(groups.map((group) => broker.lag(group, topics)));
  const told = await everythingOn(broker, topics);
  return Promise.all(
    groups.map(async (group, n) => {
      const committed = new Map(lags[n]!.map((lag) => [`${lag.topic} ${lag.partition}`, lag.committed]));
      const beyond = told.filter(({ record }) => BigInt(record.offset) >= BigInt(committed.get(`${record.topic} ${record.partition}`) ?? 0));
      const ids = beyond.map(({ envelope }) => envelope.eventId);
      return (await shop.query(group, 'SELECT FROM nestbox.inbox WHERE event_id = ANY ($1)', [ids])).length;
    }),
  );
}

/** Takes the broker away in the middle of whatever it does; returns what brings it back. */
export async function stopBroker({ kafka, databases }: Shop): Promise<{ wasThere: boolean; bringBack(): Promise<void> }> {
  if (kafka) {
    const { signal } = await kafka.kill();
    return { wasThere: signal === 'SIGKILL', bringBack: () => kafka.restart() };
  }
  const { ended, open } = await closeDatabase(databases, 'broker');
  return { wasThere: ended > 0, bringBack: open };
}

/**
 * Stops every process that serves the broker: Kafka, or the embedded log's backends. `resume` lets them go on, and returns how
 * many had stood still until then.
 */
export async function pauseBroker({ kafka, databases }: Shop): Promise<{ resume(): number }> {
  const pids = kafka ? [kafka.pid] : await databases.backends('broker');
  for (const pid of pids) signalled(pid, 'SIGSTOP');
  return {
    resume: () => {
      const still = pids.filter(standsStill);
      for (const pid of pids) signalled(pid, 'SIGCONT');
      return still.length;
    },
  };
}

function standsStill(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.startsWith('T');
  } catch {
    return false;
  }
}

/** A backend may have ended by itself. */
function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Closes a database to everybody and ends the connections to it; `open` lets them in again. */
export async function closeDatabase(databases: Shop['databases'], name: string): Promise<{ ended: number; open(): Promise<void> }> {
  await databases.allowConnections(name, false);
  return { ended: await databases.terminateBackends([name]), open: () => databases.allowConnections(name, true) };
}
