/**
 * What `work` answers, or, when that takes longer than `ms`, what `tooLate` returns or throws. The work itself goes on,
 * unheard. With `ref: false` the deadline alone does not keep the process alive.
 */
export async function withinMs<T, Late>(
  ms: number,
  work: () => Promise<T>,
  tooLate: () => Late,
  { ref = true }: { readonly ref?: boolean } = {},
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  // Begun before the work: what it does before its first await counts as well.
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))).then(tooLate);
  if (!ref) timer?.unref();
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
