/**
 * Returns the result of `work`, or, when that takes longer than `ms`, what `tooLate` returns or throws. The work itself is
 * not stopped. With `ref: false` the timer does not keep the process alive.
 */
export async function withinMs<T, Late>(
  ms: number,
  work: () => Promise<T>,
  tooLate: () => Late,
  { ref = true }: { readonly ref?: boolean } = {},
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  // Started before the work, so that its synchronous part counts too.
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))).then(tooLate);
  if (!ref) timer?.unref();
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
