export { eventually } from './eventually.js';
export { InMemoryBroker } from './in-memory.broker.js';
export { InMemoryLog } from './in-memory.log.js';
