export { Faults, NO_FAULTS } from '../failure/faults.js';
export { eventually } from './eventually.js';
export { InMemoryBroker } from './in-memory.broker.js';
export { InMemoryLog } from './in-memory.log.js';
export { RelayConnection } from '../relay/relay-connection.js';
export { everyCell, operator, passes, RehearsedSaga, scenario, told } from './saga-scenario.js';
export type { Happening } from './saga-scenario.js';
