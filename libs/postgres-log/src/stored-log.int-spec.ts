import { describeLeasing } from '../../messaging/src/testing/contract/leasing.js';
import { LogFixture } from './log.fixture.js';

describeLeasing('PostgreSQL', async () => {
  const fixture = await LogFixture.open();
  const broker = await fixture.broker();
  return {
    log: fixture.store(),
    createTopic: (name, partitions) => broker.ensureTopics([{ name, partitions }]),
    expel: (group) => fixture.expel(group),
    close: () => fixture.close(),
  };
});
