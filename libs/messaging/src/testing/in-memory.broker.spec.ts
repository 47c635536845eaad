import { describeBrokerContract } from './broker.contract.js';
import { InMemoryBroker } from './in-memory.broker.js';
import { InMemoryLog } from './in-memory.log.js';

describeBrokerContract('the broker in memory', async () => {
  const log = new InMemoryLog();
  return {
    broker: async () => new InMemoryBroker(log),
    expel: async (group) => log.expel(group),
    reload: async (group) => log.reload(group),
    close: async () => undefined,
  };
});
