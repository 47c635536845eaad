import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/** Cryptographic randomness as hex, cut from a pool: ids are made by the thousand. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(Math.max(POOL_BYTES, bytes));
    used = 0;
  }
  const start = used;
  used += bytes;
  return pool.toString('hex', start, used);
}
