const started = performance.now();

/** One line on stderr, overwritten on a terminal: stdout belongs to the results. */
export function progress(line: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${seconds} s  ${line}` : `${seconds} s  ${line}\n`);
}
