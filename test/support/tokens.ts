import { digestOf } from '@nestbox/access';
import type { OperatorToken, TokenRole } from '@nestbox/access';

/** Opens every door of the tests' shops. */
export const adminToken = 'the-admin-of-these-tests';

export const asAdmin = { authorization: `Bearer ${adminToken}` };

/** As an app is told of them. Everybody's name is ada, unless said. */
export function operators(tokens: Readonly<Partial<Record<TokenRole, string>>>, name = 'ada'): OperatorToken[] {
  return Object.entries(tokens).map(([role, token]) => ({ name, role: role as TokenRole, digest: digestOf(token) }));
}

export const adminEntry = `ada:admin:${digestOf(adminToken)}`;
