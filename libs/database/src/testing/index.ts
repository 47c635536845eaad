export { databaseUrl, scratchDatabase, withClient } from './scratch-database.js';
export type { ScratchDatabase } from './scratch-database.js';
export { CuttingProxy } from './cutting-proxy.js';
