import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PersonalData } from '@nestbox/kernel';
import type { SubjectKey } from './subject-keys.js';

/** The header of a record with encrypted fields: the id of the key. */
export const SUBJECT_KEY_HEADER = 'nestbox-subject-key';

const MARK = 'nestbox-sealed.';
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type Fields = Record<string, unknown>;

/** A message that is encoded when the key of its subject is known. */
export interface PersonalMessage<Encoded> {
  /** The id of the person. */
  readonly subject: string;
  readonly encryptWith: (key: SubjectKey) => Encoded;
}

export function isPersonal<Encoded extends object>(message: Encoded | PersonalMessage<Encoded>): message is PersonalMessage<Encoded> {
  return 'encryptWith' in message;
}

/**
 * Encrypts the personal fields: `nestbox-sealed.<value without the key>.<nonce, tag, ciphertext>`, bound to this event and
 * field. The value that a field has without its key travels with it, so readers work after the key is deleted.
 */
export function encryptFields(data: object, { fields }: Pick<PersonalData, 'fields'>, { secret }: SubjectKey, eventId: string): Fields {
  const encrypted: Fields = { ...data };
  for (const [field, withoutKey] of Object.entries(fields)) {
    if (encrypted[field] === undefined) continue;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, secret, nonce).setAAD(Buffer.from(`${eventId} ${field}`));
    const text = Buffer.concat([cipher.update(JSON.stringify(encrypted[field])), cipher.final()]);
    const box = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    encrypted[field] = `${MARK}${Buffer.from(JSON.stringify(withoutKey)).toString('base64url')}.${box}`;
  }
  return encrypted;
}

/** Without a `secret`, fields get the value that they have once the key is deleted. Throws when a field was tampered with. */
export function decryptFields(data: unknown, secret: Buffer | undefined, eventId: string): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const decrypted: Fields = { ...data };
  for (const [field, value] of Object.entries(decrypted)) {
    if (typeof value !== 'string' || !value.startsWith(MARK)) continue;
    const [withoutKey = '', box = ''] = value.slice(MARK.length).split('.');
    decrypted[field] = JSON.parse(secret ? open(box, secret, `${eventId} ${field}`) : Buffer.from(withoutKey, 'base64url').toString());
  }
  return decrypted;
}

function open(box: string, secret: Buffer, boundTo: string): string {
  const bytes = Buffer.from(box, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, secret, bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString();
}
