export { InMemoryBroker } from './in-memory.broker.js';
export { InMemoryLog } from './in-memory.log.js';
export { InMemorySubjectKeys } from './in-memory.subject-keys.js';
