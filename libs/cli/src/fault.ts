/** What the person at the keyboard can cure: printed as one line that names the fault and the cure, without a stack. */
export class Fault extends Error {
  constructor(
    message: string,
    /** 1 failed, 2 wrongly called. */
    readonly exitCode: 1 | 2 = 1,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Fault';
  }
}
