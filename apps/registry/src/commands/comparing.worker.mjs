import { parentPort } from 'node:worker_threads';
import { incompatibilities, requireValid, SchemaError } from '@nestbox/schema';

/** Answers one question after another: whether a schema is one, or what it would break. */
parentPort?.on('message', ({ proposed, existing, level }) => {
  parentPort?.postMessage(answer(proposed, existing, level));
});

/**
 * @param {import('@nestbox/schema').SchemaText} proposed
 * @param {import('@nestbox/schema').SchemaText[]} existing
 * @param {Parameters<typeof incompatibilities>[2]} level
 */
function answer(proposed, existing, level) {
  try {
    requireValid(proposed);
    return { found: incompatibilities(proposed, existing, level) };
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (error instanceof SchemaError) return { invalid: message };
    return name === 'TooComplexError' || error instanceof RangeError ? { complex: message } : { fault: message };
  }
}
