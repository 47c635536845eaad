import { describeBrokerContract } from '../testing/broker.contract.js';
import { LogFixture } from './log.fixture.js';

describeBrokerContract('the embedded log', async () => {
  const log = await LogFixture.open();
  return {
    broker: () => log.broker('contract'),
    expel: async (group) => {
      await log.sql.query('DELETE FROM log.members WHERE group_name = $1', [group]);
    },
    close: () => log.close(),
  };
});
