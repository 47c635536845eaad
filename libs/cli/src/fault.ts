/** An error that the user can fix. Printed as one line with fault and cure, without a stack. */
export class Fault extends Error {
  constructor(
    message: string,
    /** 1: failed. 2: called with wrong arguments. */
    readonly exitCode: 1 | 2 = 1,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Fault';
  }
}
