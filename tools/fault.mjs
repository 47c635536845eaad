/** A fault that the person at the keyboard can cure: printed as one line, without a stack. */
export class Fault extends Error {
  /** @param {string} message names the fault and the cure @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Ends a command: a Fault is one line, anything else is a bug and shows its stack.
 * @param {unknown} error
 * @returns {number} exit code
 */
export function report(error) {
  if (error instanceof Fault) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
