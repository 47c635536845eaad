import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PersonalData } from '@nestbox/kernel';
import type { SubjectKey } from './subject-keys.js';

/** Beside a record whose personal fields are sealed: the id of the key. */
export const SUBJECT_KEY_HEADER = 'nestbox-subject-key';

const MARK = 'nestbox-sealed.';
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type Fields = Record<string, unknown>;

/**
 * The data with its personal fields sealed: `nestbox-sealed.<what stands there once it is forgotten>.<nonce, tag, text>`,
 * bound to this event and field. What a field is without its key travels with it, so that every reader can go on.
 */
export function encryptFields(data: object, { fields }: Pick<PersonalData, 'fields'>, { secret }: SubjectKey, eventId: string): Fields {
  const sealed: Fields = { ...data };
  for (const [field, otherwise] of Object.entries(fields)) {
    if (sealed[field] === undefined) continue;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, secret, nonce).setAAD(Buffer.from(`${eventId} ${field}`));
    const text = Buffer.concat([cipher.update(JSON.stringify(sealed[field])), cipher.final()]);
    const box = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    sealed[field] = `${MARK}${Buffer.from(JSON.stringify(otherwise)).toString('base64url')}.${box}`;
  }
  return sealed;
}

/** The data as it was, or, without the key, as it is once its subject is forgotten. Throws when a field was tampered with. */
export function decryptFields(data: unknown, secret: Buffer | undefined, eventId: string): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const revealed: Fields = { ...data };
  for (const [field, value] of Object.entries(revealed)) {
    if (typeof value !== 'string' || !value.startsWith(MARK)) continue;
    const [otherwise = '', box = ''] = value.slice(MARK.length).split('.');
    revealed[field] = JSON.parse(secret ? open(box, secret, `${eventId} ${field}`) : Buffer.from(otherwise, 'base64url').toString());
  }
  return revealed;
}

function open(box: string, secret: Buffer, place: string): string {
  const bytes = Buffer.from(box, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, secret, bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString();
}
