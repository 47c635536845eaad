import { readFileSync } from 'node:fs';

const { exclude: _specsAreForJest, ...swc } = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

/** Of the whole run: jest does not ask a project for it. */
export const testTimeout = 60_000;

export const project = {
  testEnvironment: '<rootDir>/tools/test/environment.mjs',
  runner: '<rootDir>/tools/test/lanes.mjs',
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  moduleNameMapper: {
    '^@nestbox/([^/]+)/testing$': '<rootDir>/libs/$1/src/testing/index.ts',
    '^@nestbox/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

const inAShop = '**/*.shop.e2e-spec.ts';

export default {
  projects: [
    { ...project, testMatch: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', `!${inAShop}`] },
    {
      ...project,
      displayName: 'embedded log',
      testMatch: [inAShop, '!**/*.kafka.shop.e2e-spec.ts'],
      globals: { NESTBOX_BROKER: 'postgres' },
    },
    { ...project, displayName: 'Apache Kafka', testMatch: [inAShop], globals: { NESTBOX_BROKER: 'kafka' } },
  ],
  testSequencer: '<rootDir>/tools/test/longest-first.mjs',
  testTimeout,
  // Half a second, as jest has it, is less than a busy machine needs to end a large process that leaks nothing.
  workerGracefulExitTimeout: 5_000,
};
