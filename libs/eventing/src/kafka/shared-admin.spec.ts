import type { Admin } from 'kafkajs';
import { gate } from '../testing/contract/harness.js';
import { eventually } from '../testing/eventually.js';
import { SharedAdmin } from './shared-admin.js';

/** What kafkajs knows of topics is gone with its connection, in the middle of whatever is being asked. */
function client() {
  const said = { topics: ['checkout.orders'] as string[] | null, disconnect: async () => void (said.topics = null) };
  return said;
}

describe('a Kafka client that many ask', () => {
  it('is disconnected after a failure only when the answers under way are there', async () => {
    const kafka = client();
    const shared = new SharedAdmin(Promise.resolve(kafka as unknown as Admin));
    const answering = gate();
    const underWay = shared.ask(async () => {
      await answering.opened;
      return kafka.topics!.length;
    }, 10_000);
    await expect(shared.ask(() => Promise.reject(new Error('no such topic')), 10_000)).rejects.toThrow('no such topic');
    shared.giveUp();
    answering.open();
    expect(await underWay).toBe(1);
    await eventually(async () => expect(kafka.topics).toBeNull());
  });

  it('is disconnected at once when nobody asks it anything', async () => {
    const kafka = client();
    new SharedAdmin(Promise.resolve(kafka as unknown as Admin)).giveUp();
    await eventually(async () => expect(kafka.topics).toBeNull());
  });
});
