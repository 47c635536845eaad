import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/** Random hex digits of cryptographic quality. Taken from a pool, because ids are needed by the thousand. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(Math.max(POOL_BYTES, bytes));
    used = 0;
  }
  const start = used;
  used += bytes;
  return pool.toString('hex', start, used);
}
