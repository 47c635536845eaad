/** Loaded into every app of a torture before the app itself: what cannot be done to a process from outside. */
const BLOCK_MS = 12_000;

process.on('SIGUSR2', () => {
  const never = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(never, 0, 0, BLOCK_MS);
});

const offset = Number(process.env.TORTURE_CLOCK_OFFSET_MS ?? 0);
if (offset !== 0) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + offset);
      else super(...given);
    }

    static now() {
      return RealDate.now() + offset;
    }
  };
  // Asked for as the app asks: that shows whether the app is deceived.
  process.stderr.write(`torture: it is ${new Date().toISOString()} in ${Intl.DateTimeFormat().resolvedOptions().timeZone}\n`);
}
