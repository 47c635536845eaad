export { everyCell, operator, passes, RehearsedSaga, scenario, told } from './saga-scenario.js';
export type { Happening } from './saga-scenario.js';
