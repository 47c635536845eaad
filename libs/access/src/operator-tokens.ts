import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { TOKEN_ROLES } from './audience.js';
import type { TokenRole } from './audience.js';
import type { Operator } from './caller.js';

/** A token as an app is told of it: never the token itself, so that a configuration that leaks opens nothing. */
export interface OperatorToken {
  /** Of a person or a service; stands in the audit. */
  readonly name: string;
  readonly role: TokenRole;
  /** SHA-256 of the token, 64 hexadecimal digits. */
  readonly digest: string;
}

const ENTRY = /^([a-z][a-z0-9._-]{0,62}):([a-z]+):([0-9a-f]{64})$/;

export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Reads `name:role:digest` entries that are separated by commas or white space.
 * @throws Error that says which entry is wrong, or which two have the same token or name.
 */
export function parseOperatorTokens(text: string): OperatorToken[] {
  const tokens = text.split(/[\s,]+/).filter((entry) => entry !== '').map(parseEntry);
  for (const [at, { name, digest }] of tokens.entries()) {
    const other = tokens.slice(0, at).find((earlier) => earlier.digest === digest || earlier.name === name);
    if (other) throw new Error(other.name === name ? `"${name}" stands there twice` : `${other.name} and ${name} have the same token`);
  }
  return tokens;
}

function parseEntry(entry: string, at: number): OperatorToken {
  const [, name = '', role = '', digest = ''] = ENTRY.exec(entry) ?? [];
  const known = TOKEN_ROLES.find((one) => one === role);
  // Only the place is told: an entry that is malformed may be a token by mistake.
  if (!known) throw new Error(`entry ${at + 1} is not name:role:digest, with a role of ${TOKEN_ROLES.join(', ')}`);
  return { name, role: known, digest };
}

/** Makes a token of 192 random bits, and the entry by which an app knows it. */
export function newToken(name: string, role: TokenRole): { readonly token: string; readonly entry: string } {
  const token = randomBytes(24).toString('base64url');
  return { token, entry: `${name}:${role}:${digestOf(token)}` };
}

/** Finds whose a token is. */
export class OperatorTokens {
  private readonly known: readonly { readonly operator: Operator; readonly digest: Buffer }[];

  constructor(tokens: readonly OperatorToken[]) {
    this.known = tokens.map(({ name, role, digest }) => ({
      operator: { kind: 'operator', name, role },
      digest: Buffer.from(digest, 'hex'),
    }));
  }

  get isEmpty(): boolean {
    return this.known.length === 0;
  }

  /** Compares with every token, also after a match, so that the duration reveals nothing. */
  find(token: string): Operator | undefined {
    const given = Buffer.from(digestOf(token), 'hex');
    let found: Operator | undefined;
    for (const { operator, digest } of this.known) if (timingSafeEqual(given, digest)) found = operator;
    return found;
  }
}
