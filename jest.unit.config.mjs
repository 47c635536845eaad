import { project, testTimeout } from './jest.config.mjs';

/** What needs no PostgreSQL, no Kafka and no build: `npm run test:unit`. */
export default {
  ...project,
  testMatch: ['**/*.spec.ts'],
  testTimeout,
  // Nothing else runs beside it.
  maxWorkers: '100%',
};
