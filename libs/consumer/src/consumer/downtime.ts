/** For how long something has been in trouble, as far as it has been looked at. */
export class Downtime {
  constructor(private since?: number) {}

  /** Milliseconds since the first of the problems in a row, of which this is the latest; 0 without one. */
  note(problem: string | undefined): number {
    if (problem === undefined) this.since = undefined;
    else this.since ??= performance.now();
    return this.since === undefined ? 0 : performance.now() - this.since;
  }
}
