export { everyCell, operator, passes, SimulatedSaga, scenario, told } from './saga-scenario.js';
export type { SagaInput } from './saga-scenario.js';
