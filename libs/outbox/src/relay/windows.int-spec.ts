import { eventually } from '@nestbox/kernel/testing';
import { OutboxFixture } from '../../../../test/support/eventing/outbox.fixture.js';
import type { Session } from '../../../../test/support/eventing/outbox.fixture.js';
import type { RelayCursor } from './relay-cursor.js';
import { RelayConnection } from './relay-connection.js';

const START: RelayCursor = { seen: '3:3:', reading: null, lastId: '0' };
const ALL = { index: 0, of: 1 };

/** The popular cursor: remembers the highest id. Kept here to show what it loses. */
async function readAfterId(session: Session, last: string) {
  const { rows } = await session.client.query('SELECT id, value FROM nestbox.outbox WHERE id > $1 ORDER BY id', [last]);
  return { values: rows.map((row) => row.value), last: rows.at(-1)?.id ?? last };
}

/** The popular cure: by (xid, id), below the snapshot's xmin. Kept here to show what it inverts and where it stalls. */
async function readByTransaction(session: Session, last: { tx: string; id: string }) {
  const { rows } = await session.client.query(
    `SELECT tx::text AS tx, id, value FROM nestbox.outbox
     WHERE (nestbox.outbox.tx, id) > ($1::xid8, $2::bigint) AND nestbox.outbox.tx < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY nestbox.outbox.tx, id`,
    [last.tx, last.id],
  );
  return { values: rows.map((row) => row.value), last: rows.at(-1) ?? last };
}

describe('reading the outbox in snapshot windows', () => {
  let outbox: OutboxFixture;
  let relay: RelayConnection;

  beforeEach(async () => {
    outbox = await OutboxFixture.create();
    relay = await RelayConnection.open(outbox.url, () => undefined, () => undefined);
  });
  afterEach(async () => {
    await relay.close();
    await outbox.drop();
  });

  const read = async (from: RelayCursor, limit = 100) => {
    const { rows, next } = await relay.read(from, ALL, limit);
    return { values: rows.map((row) => row[4]!), next };
  };

  it('finds an event whose lower id commits later, which an id cursor loses', async () => {
    const [slow, fast, naive] = [await outbox.session(), await outbox.session(), await outbox.session()];
    await (await slow.begin()).write('order-1', 'slow, lower id');
    await fast.write('order-2', 'fast, higher id');

    const firstNaive = await readAfterId(naive, '0');
    const first = await read(START);
    await slow.commit();
    const secondNaive = await readAfterId(naive, firstNaive.last);
    const second = await read(first.next);

    expect(firstNaive.values).toEqual(['fast, higher id']);
    expect(secondNaive.values).toEqual([]);
    expect(first.values).toEqual(['fast, higher id']);
    expect(second.values).toEqual(['slow, lower id']);
    expect((await read(second.next)).values).toEqual([]);
  });

  it("keeps a key's order when the later event has the older transaction, which ordering by transaction inverts", async () => {
    const [early, late, naive] = [await outbox.session(), await outbox.session(), await outbox.session()];
    await (await early.begin()).touch();
    await (await late.begin()).write('order-1', 'version 1');
    await late.commit();
    await early.write('order-1', 'version 2');
    await early.commit();

    // It also waits for open transactions of every other database on the server, such as those of other tests.
    await eventually(async () =>
      expect((await readByTransaction(naive, { tx: '0', id: '0' })).values).toEqual(['version 2', 'version 1']),
    );
    expect((await read(START)).values).toEqual(['version 1', 'version 2']);
  });

  it('does not wait for a long transaction elsewhere, behind which ordering by transaction stalls', async () => {
    const [long, writer, naive] = [await outbox.session(), await outbox.session(), await outbox.session()];
    await (await long.begin()).touch();
    await writer.write('order-1', 'version 1');

    expect((await readByTransaction(naive, { tx: '0', id: '0' })).values).toEqual([]);
    const first = await read(START);
    expect(first.values).toEqual(['version 1']);
    expect((await read(first.next)).values).toEqual([]);
    await long.write('order-2', 'after all');
    await long.commit();
    expect((await read(first.next)).values).toEqual(['after all']);
  });

  it('forgets a rolled back event and reads on', async () => {
    const [failing, writer] = [await outbox.session(), await outbox.session()];
    await (await failing.begin()).write('order-1', 'never happened');
    await writer.write('order-2', 'happened');
    const first = await read(START);
    await failing.client.query('ROLLBACK');
    await writer.write('order-2', 'happened too');

    expect(first.values).toEqual(['happened']);
    expect((await read(first.next)).values).toEqual(['happened too']);
  });

  it('reads a window larger than a batch to its end, then what was committed meanwhile, each event once', async () => {
    const [writer, late] = [await outbox.session(), await outbox.session()];
    await (await late.begin()).write('order-9', 'late');
    await writer.writeMany(250);

    const seen: string[] = [];
    let position = START;
    for (let step = 0; step < 10; step++) {
      const batch = await read(position, 100);
      seen.push(...batch.values);
      position = batch.next;
      if (step === 0) {
        await late.commit();
        await writer.write('order-2', 'meanwhile');
      }
    }

    const window = Array.from({ length: 250 }, (_, n) => `event ${n + 1}`);
    expect(seen).toEqual([...window, 'late', 'meanwhile']);
  });

  it('takes its slice of the key buckets and no other', async () => {
    const writer = await outbox.session();
    for (let n = 0; n < 40; n++) await writer.write(`order-${n}`, `order-${n}`);

    const halves = await Promise.all(
      [0, 1].map(async (index) => (await relay.read(START, { index, of: 2 }, 100)).rows.map((row) => row[3 - 1])),
    );

    expect(halves[0]!.length).toBeGreaterThan(5);
    expect(halves[1]!.length).toBeGreaterThan(5);
    expect([...halves[0]!, ...halves[1]!].sort()).toEqual(Array.from({ length: 40 }, (_, n) => `order-${n}`).sort());
  });

  it('walks indexes in id order, without sorting or scanning, however the table was when it was planned', async () => {
    const writer = await outbox.session();
    await writer.writeMany(5_000);
    const { READ_WINDOW, READ_ON } = await import('./relay-cursor.js');

    for (const { text, values } of [
      { ...READ_WINDOW, values: ['3', [], 1, 0, 100] },
      { ...READ_ON, values: ['3', [], 1, 0, 100, '3:3:', '0'] },
    ]) {
      const inlined = values.reduce<string>(
        (sql, value, n) => sql.replaceAll(`$${n + 1}`, Array.isArray(value) ? `'{}'` : `'${String(value)}'`),
        text,
      );
      const { rows } = await relay.query(`EXPLAIN ${inlined}`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('Merge Append');
      expect(plan).not.toMatch(/Seq Scan|Sort {2}|Bitmap/);
    }
  });
});
