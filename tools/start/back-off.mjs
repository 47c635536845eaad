const shortest = 1_000;
const longest = 30_000;
const healthyAfter = 60_000;

/** Waits that double with every crash; a process that has lived for a minute starts from the shortest again. */
export function backOff() {
  let crashes = 0;
  return {
    /** @param {number} livedMs @returns {number} milliseconds to wait */
    next(livedMs) {
      crashes = livedMs >= healthyAfter ? 1 : crashes + 1;
      return Math.min(longest, shortest * 2 ** (crashes - 1));
    },
  };
}
