const shortest = 1_000;
const longest = 30_000;
// Longer than any start: whatever has lived so long does not crash because of how it starts.
const healthyAfter = 15_000;

/** Waits that double with every crash; a process that has lived for 15 s starts from the shortest again. */
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
