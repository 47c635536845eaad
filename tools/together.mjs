/**
 * Runs things side by side. When one fails the others are asked to give up, and the first fault is thrown only when
 * all have ended: what they had started has then been handed over to be stopped.
 * @template {readonly Promise<unknown>[]} Work
 * @param {AbortSignal} outer
 * @param {(signal: AbortSignal) => readonly [...Work]} begin
 * @returns {Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }>}
 */
export async function together(outer, begin) {
  const failure = new AbortController();
  const work = begin(AbortSignal.any([outer, failure.signal]));
  /** @type {unknown[]} */
  const faults = [];
  await Promise.allSettled(
    work.map((one) =>
      one.catch((fault) => {
        faults.push(fault);
        failure.abort();
      }),
    ),
  );
  if (faults.length > 0) throw faults[0];
  return /** @type {any} */ (await Promise.all(work));
}
