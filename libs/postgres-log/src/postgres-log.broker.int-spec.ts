import { describeBrokerContract } from '@nestbox/messaging/testing';
import { LogFixture } from './log.fixture.js';

describeBrokerContract('the embedded log', async () => {
  const log = await LogFixture.open();
  return {
    broker: () => log.broker('contract'),
    expel: (group) => log.expel(group),
    reload: (group) => log.reload(group),
    close: () => log.close(),
  };
});
