import { randomUUID } from 'node:crypto';
import { eventually } from '@nestbox/kernel/testing';
import { Ledger } from '../../messaging/src/testing/contract/ledger.js';
import { OtherProcess } from '../../messaging/src/testing/contract/other-process.js';
import { LogFixture } from './log.fixture.js';

const group = 'email';
const topics = ['checkout.orders'];
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('A member of a group on the embedded log', () => {
  let log: LogFixture;
  let other: OtherProcess;

  beforeEach(async () => {
    [log, other] = [await LogFixture.open(), await OtherProcess.start()];
  });
  afterEach(async () => {
    await other.kill();
    await log.close();
  });

  /** The other process owns every partition for the next minute. */
  async function predecessor(): Promise<string> {
    const [id, store] = [randomUUID() + other.mark, log.store()];
    await store.join(group, { id, topics }, 60_000);
    await store.take(group, id, (await store.view(group)).partitions);
    return id;
  }

  async function leaseOf(member: string): Promise<string | undefined> {
    const { rows } = await log.sql.query<{ until: string }>('SELECT expires_at::text AS until FROM log.members WHERE member = $1', [member]);
    return rows[0]?.until;
  }

  onLinux('owns what a process that was killed has owned, before that one’s session is over, and says until then that it is joining', async () => {
    const broker = await log.broker();
    const ledger = new Ledger();
    await broker.ensureTopics([{ name: topics[0]!, partitions: 2 }]);
    await broker.publish(['1', '2'].map((value) => ({ topic: topics[0]!, key: `order-${value}`, value, headers: {} })));
    const dead = await predecessor();
    other.standStill();
    const subscription = await broker.subscribe({ group, topics, handler: ledger.keep(), sessionTimeoutMs: 60_000 });
    await eventually(async () => expect((await log.store().view(group)).members).toHaveLength(2));
    await eventually(() => expect(subscription.problem()).toBe('joining the group'));
    const until = await leaseOf(dead);

    expect(await other.kill()).toBe('SIGKILL');
    await eventually(() => expect(subscription.assigned()).toHaveLength(2));
    await eventually(() => expect(ledger.values().sort()).toEqual(['1', '2']));
    const { rows } = await log.sql.query('SELECT clock_timestamp() < $1 AS early', [until]);
    expect(rows).toEqual([{ early: true }]);
    expect(await leaseOf(dead)).toBeUndefined();
    await eventually(() => expect(subscription.problem()).toBeUndefined());
  });

  it('is ready when there is nothing left for it to own', async () => {
    const broker = await log.broker();
    await broker.ensureTopics([{ name: topics[0]!, partitions: 1 }]);
    const options = { group, topics, handler: new Ledger().keep() };
    const members = [await broker.subscribe(options), await broker.subscribe(options)];
    await eventually(() => {
      expect(members.map((member) => member.assigned().length).sort()).toEqual([0, 1]);
      expect(members.map((member) => member.problem())).toEqual([undefined, undefined]);
    });
  });
});
