/** ISO 8601 as text to the second, UTC. */
export function when(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+/, '');
}

/** `90 s`, `12 min`, `3 h`. */
export function age(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
