import type { Issuer } from './customer-tokens.js';
import type { OperatorToken } from './operator-tokens.js';

export interface AccessOptions {
  /** Without any, no route is open but those to `public`. */
  readonly operators?: readonly OperatorToken[];
  /** Who lets customers in. Default: nobody. */
  readonly issuer?: Issuer;
  /** Opens `internal` routes to everybody on the same machine. Default: false. */
  readonly development?: boolean;
  /** Wrong tokens per minute and address, after which none is looked at until the minute is over. Default: 100. */
  readonly mostFailures?: number;
}

export const ACCESS_OPTIONS = Symbol('nestbox.access.options');
