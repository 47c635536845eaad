import { Kafka, logLevel } from 'kafkajs';
import type { EachBatchPayload } from 'kafkajs';
import { Pool } from 'pg';
import { ORDER_UPSERT, REVENUE_UPSERT } from './statements.js';
import { answerWith } from './warm-process.js';

/** What a consumer by hand does with a batch; nothing guards from duplicates but in the last one. */
export type Effect = 'nothing' | 'revenue in sets' | 'a transaction an event';

export interface Consumption {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly count: number;
  readonly effect: Effect;
  /** Where the effects go. */
  readonly url: string;
}

/** Records per second from the first batch to the `count`-th record. */
async function consume({ brokers, topic, count, effect, url }: Consumption): Promise<number> {
  const kafka = new Kafka({ clientId: 'bench', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `raw-${process.pid}-${performance.now()}` });
  const pool = new Pool({ connectionString: url, max: 4 });
  const handle = effects[effect];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let startedAt = 0;
  let seen = 0;
  const rate = await new Promise<number>((resolve, reject) => {
    const eachBatch = async (payload: EachBatchPayload) => {
      startedAt ||= performance.now();
      await handle(payload, pool);
      seen += payload.batch.messages.length;
      const { offset } = payload.batch.messages[payload.batch.messages.length - 1]!;
      const next = (BigInt(offset) + 1n).toString();
      await consumer.commitOffsets([{ topic, partition: payload.batch.partition, offset: next }]);
      if (seen >= count) resolve((1000 * seen) / (performance.now() - startedAt));
    };
    consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 4, eachBatch }).catch(reject);
  });
  await consumer.disconnect();
  await pool.end();
  return rate;
}

const effects: Record<Effect, (payload: EachBatchPayload, pool: Pool) => Promise<void>> = {
  nothing: async () => undefined,
  'revenue in sets': async ({ batch }, pool) => {
    const orders = batch.messages.map(({ value }) => JSON.parse(value!.toString()).data);
    await pool.query({ ...REVENUE_UPSERT, values: [orders.map(({ period }) => period), orders.map(({ totalCents }) => totalCents)] });
  },
  /** What every Node library does: claim and effect in a transaction an event, each statement awaited. */
  'a transaction an event': async ({ batch, heartbeat }, pool) => {
    const connection = await pool.connect();
    for (const message of batch.messages) {
      const { eventId, data } = JSON.parse(message.value!.toString());
      await connection.query('BEGIN');
      await connection.query({ name: 'claim', text: 'INSERT INTO nestbox.inbox VALUES (1, $1) ON CONFLICT DO NOTHING', values: [eventId] });
      await connection.query({ ...ORDER_UPSERT, values: [data.orderId, data.totalCents] });
      await connection.query('COMMIT');
      await heartbeat();
    }
    connection.release();
  },
};

answerWith(consume);
