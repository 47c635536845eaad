import { describeLeasedLogContract } from '@nestbox/messaging/testing';
import { LogFixture } from './log.fixture.js';

describeLeasedLogContract('PostgreSQL', async () => {
  const fixture = await LogFixture.open();
  const broker = await fixture.broker();
  return {
    log: fixture.store(),
    createTopic: (name, partitions) => broker.ensureTopics([{ name, partitions }]),
    expel: (group) => fixture.expel(group),
    close: () => fixture.close(),
  };
});
