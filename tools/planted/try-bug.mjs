import { seconds } from '../progress.mjs';
import { plantIn } from './copy.mjs';
import { runSpecs } from './test-runs.mjs';

/**
 * @typedef {{ home: string, services: import('./test-runs.mjs').Services, signal: AbortSignal, show: boolean,
 *   progress: import('../progress.mjs').Progress }} Given
 */

/**
 * Plants a bug, runs the tests that must notice it, says which did, and takes it out again.
 * @param {import('./bugs.mjs').Bug} bug
 * @param {string} copy
 * @param {Given} given
 * @param {() => string} count called once, at the end
 * @returns {Promise<boolean>} whether a test failed because of it
 */
export async function tryBug(bug, copy, { home, services, signal, show, progress }, count) {
  const since = performance.now();
  const takeOut = plantIn(copy, bug);
  try {
    const outcome = await runSpecs({ copy, home, specs: bug.specs, test: bug.test, services, workers: 1, stopAtFirst: true, signal });
    const noticed = outcome.failed.length > 0;
    const verdict = noticed ? `✓ caught    ${bug.name}` : `✗ survived  ${bug.name}: ${bug.bug}${whyNot(outcome)}`;
    progress.line(`${count().padStart(6)} ${verdict} (${seconds(since)})`);
    if (show || outcome.broken.length > 0) progress.line(outcome.output);
    return noticed;
  } finally {
    takeOut();
  }
}

/**
 * What does not even load would be noticed without a test: then the edit, not the tests, is at fault.
 * @param {import('./test-runs.mjs').Outcome} outcome
 */
function whyNot({ passed, broken }) {
  if (broken.length > 0) return ` - its tests could not run: ${broken.join(', ')}`;
  return passed === 0 ? ' - no test ran' : '';
}
