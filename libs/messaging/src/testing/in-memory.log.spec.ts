import { describeLeasedLogContract } from './contract/leasing.js';
import { InMemoryLog } from './in-memory.log.js';

describeLeasedLogContract('memory', async () => {
  const log = new InMemoryLog();
  return {
    log,
    createTopic: async (name, partitions) => log.createTopic({ name, partitions }),
    expel: async (group) => log.expel(group),
    close: async () => undefined,
  };
});
