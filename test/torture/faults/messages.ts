import { randomUUID } from 'node:crypto';
import { eventually } from '@nestbox/eventing/testing';
import { everythingOn, repeats } from '../../support/topics.js';
import { Random } from '../random.js';
import type { Stage } from '../stage.js';
import { hold, holdUntilMet } from './fault.js';
import type { Fault } from './fault.js';

const repeatable = ['checkout.orders', 'inventory.reservations'];
const MOST_REPEATED = 60;

const repeated: Fault = {
  kind: 'records-repeated',
  about: 'records of the past are published again, shuffled, some of them to other partitions',
  targets: repeatable,
  holds: [1, 2],
  often: 3,
  touches: () => [],
  async inject({ shop }, { target, seed }) {
    const random = new Random(seed);
    const broker = await shop.broker();
    const told = await everythingOn(broker, [target]);
    const copies = random.shuffled(told).slice(0, MOST_REPEATED).map(({ record, envelope }) => ({
      topic: target,
      key: String(record.key),
      value: record.value!,
      headers: record.headers,
      // Beside its own partition only what comes first of its key: anything later would overtake there by our own hand.
      partition: envelope.aggregateVersion === 1 ? random.between(0, 5) : record.partition,
    }));
    await broker.publish(copies);
    const more = repeats(await everythingOn(broker, [target])) - repeats(told);
    return { fired: more >= copies.length && more > 0, seen: `${more} records more repeat others` };
  },
};

/** The topics that the laws and the other faults read as a whole hold only what makes sense. */
const poisonable = ['payments.payments', 'shipping.shipments'];
const readerOf = (topic: string) => (topic === 'payments.payments' ? 'fulfilment' : 'email');

const poison: Fault = {
  kind: 'poison-records',
  about: 'records that make no sense lie among the others: every consumer parks them and goes on',
  targets: poisonable,
  holds: [1, 2],
  often: 3,
  touches: (topic) => [readerOf(topic)],
  async inject(stage, step) {
    const { shop, poisoned } = stage;
    const key = `poison-${step.seed}-${randomUUID().slice(0, 8)}`;
    poisoned.add(key);
    const values = ['{"eventId":', '{"eventId":"no uuid","data":null}', JSON.stringify({ eventId: randomUUID(), data: {} })];
    await (await shop.broker()).publish(values.map((value) => ({ topic: step.target, key, value, headers: {} })));
    await hold(stage, step);
    const reader = readerOf(step.target);
    const parked = () => shop.query(reader, 'SELECT FROM nestbox.dead_letters WHERE key = $1', [key]);
    const seen = await eventually(async () => ((await parked()).length > 0 ? 'parked' : Promise.reject(new Error('not yet'))), { timeoutMs: 30_000 }).catch(() => '');
    return { fired: seen !== '', seen: seen ? `${(await parked()).length} letters were parked in ${reader}` : `nothing was parked in ${reader}` };
  },
};

const redriven: Fault = {
  kind: 'parked-and-redriven',
  about: 'a table refuses what a handler writes; what was parked meanwhile is redriven under load',
  targets: ['email'],
  holds: [5, 8],
  async inject(stage, step) {
    const { shop } = stage;
    await shop.query('email', `ALTER TABLE mails ADD CONSTRAINT torture CHECK (kind <> 'confirmation') NOT VALID`);
    const parked = await holdUntilMet(stage, step, () => parkedIn(stage));
    await shop.query('email', 'ALTER TABLE mails DROP CONSTRAINT torture');
    const { code, stdout, stderr } = await redriveAll(stage);
    return { fired: parked > 0, seen: `${parked} letters were parked, redrive ended with ${code}: ${(stdout + stderr).trim().split('\n').at(-1)}` };
  },
};

const parkedIn = async ({ shop }: Stage) =>
  (await shop.query(`email`, `SELECT FROM nestbox.dead_letters WHERE handler = 'email.confirm-order' AND status IN ('parked', 'delayed')`)).length;

function redriveAll({ shop }: Stage) {
  return shop.shell(`npx nestbox dead-letters redrive --app email --handler email.confirm-order --reason 'the table takes them again'`).ended;
}

export const messageFaults: readonly Fault[] = [repeated, poison, redriven];
