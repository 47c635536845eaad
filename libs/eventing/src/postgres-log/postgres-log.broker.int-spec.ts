import { scratchDatabase } from '@nestbox/database/testing';
import pg from 'pg';
import { describeBrokerContract } from '../testing/broker.contract.js';
import { brokerMigrations } from './migrations/index.js';
import { PostgresLogBroker } from './postgres-log.broker.js';

describeBrokerContract('the embedded log', async () => {
  const database = await scratchDatabase(brokerMigrations);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return {
    broker: async () => {
      const broker = new PostgresLogBroker({ url: database.url, clientName: 'contract', log: () => undefined });
      await broker.connect();
      return broker;
    },
    expel: async (group) => {
      await client.query('DELETE FROM log.members WHERE group_name = $1', [group]);
    },
    close: async () => {
      await client.end();
      await database.drop();
    },
  };
});
