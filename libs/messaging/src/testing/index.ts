export { describeBrokerContract } from './broker.contract.js';
export type { BrokerHarness } from './contract/harness.js';
export { describeLeasedLogContract } from './contract/leasing.js';
export type { LeasedLogHarness } from './contract/leasing.js';
export { InMemoryBroker } from './in-memory.broker.js';
export { InMemoryLog } from './in-memory.log.js';
export { InMemorySubjectKeys } from './in-memory.subject-keys.js';
