export { KafkaBroker } from './kafka.broker.js';
export type { KafkaBrokerOptions } from './kafka.options.js';
