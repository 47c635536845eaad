export { databaseUrl, scratchDatabase } from './scratch-database.js';
export type { ScratchDatabase } from './scratch-database.js';
