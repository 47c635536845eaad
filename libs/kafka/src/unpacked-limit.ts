/** A few kilobytes can unpack to more than the memory: nothing gets further than this, unless an option says so. */
export const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

let limit = MAX_UNPACKED_BYTES;

/** For all clients of the process, as they read with the same code. The largest that was asked for counts. */
export function unpackUpTo(bytes: number | undefined): void {
  limit = Math.max(limit, bytes ?? 0);
}

export function unpackedLimit(): number {
  return limit;
}

/** What a codec throws when it would have to go beyond the limit. */
export class BeyondLimit extends Error {}
