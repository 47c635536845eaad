import { join } from 'node:path';

const libs = join(import.meta.dirname, 'libs');

/**
 * Where the walls find a lib: in its sources, as the compiler does by tsconfig's `paths`. The package that reads those
 * for dependency-cruiser cannot match a star in the middle, and what a package.json exports is compiled: unseen.
 */
export default {
  resolve: {
    alias: {
      '@nestbox/*/testing': join(libs, '*/src/testing/index.ts'),
      '@nestbox/*': join(libs, '*/src/index.ts'),
    },
  },
};
