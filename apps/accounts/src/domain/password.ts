import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

// As OWASP recommends: 32 MiB and some 100 ms for each guess.
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 << 20 };
const BYTES = 32;

/** Returns `scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.normalize('NFKC'), salt, BYTES, COST);
  return ['scrypt', salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long where there is no hash: the time of an answer must not tell who has an account. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, salt = '', key = ''] = (hash ?? 'scrypt$c2FsdA$').split('$');
  const known = Buffer.from(key, 'base64url');
  const given = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), BYTES, COST);
  return known.length === BYTES && timingSafeEqual(given, known);
}
