import { eventually } from '@nestbox/kernel/testing';
import type { Admin } from 'kafkajs';
import { gate } from '../../messaging/src/testing/contract/harness.js';
import { AdminClients } from './admin-clients.js';

/** Fake clients, numbered in the order of connecting. */
function kafka() {
  const made: { readonly number: number; connected: boolean }[] = [];
  const connect = async () => {
    const client = { number: made.length, connected: true, disconnect: async () => void (client.connected = false) };
    made.push(client);
    return client as unknown as Admin;
  };
  const clients = new AdminClients(connect);
  const ask = () => clients.ask(async (admin) => (admin as unknown as { number: number }).number, 10_000);
  return { made, clients, ask };
}

describe('the clients that ask Kafka', () => {
  it('serve questions that come one after another by one client', async () => {
    const { made, ask } = kafka();
    expect([await ask(), await ask(), await ask()]).toEqual([0, 0, 0]);
    expect(made).toHaveLength(1);
  });

  it('are never asked two questions at once', async () => {
    const { clients, ask } = kafka();
    const answering = gate();
    const first = clients.ask(() => answering.opened, 10_000);
    expect([await ask(), await ask()]).toEqual([1, 1]);
    answering.open();
    await first;
  });

  it('are not asked again after a failure, and leave the answers under way alone', async () => {
    const { made, clients, ask } = kafka();
    const answering = gate();
    const underWay = clients.ask(() => answering.opened, 10_000);
    await expect(clients.ask(() => Promise.reject(new Error('no such topic')), 10_000)).rejects.toThrow('no such topic');
    await eventually(async () => expect(made.map(({ connected }) => connected)).toEqual([true, false]));
    expect(await ask()).toBe(2);
    answering.open();
    await underWay;
  });

  it('are few when nobody asks, and none after the end', async () => {
    const { made, clients } = kafka();
    const answering = gate();
    const asked = Array.from({ length: 5 }, () => clients.ask(() => answering.opened, 10_000));
    const late = gate();
    const open = () => made.filter(({ connected }) => connected).length;
    answering.open();
    await Promise.all(asked);
    await eventually(async () => expect(open()).toBe(2));
    const last = clients.ask(() => late.opened, 10_000);
    await clients.close();
    late.open();
    await last;
    await eventually(async () => expect(open()).toBe(0));
  });
});
