import { includes } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { uuid7 } from '@nestbox/kernel';
import { NotYourself } from '../domain/order.errors.js';

/** Whose an order will be: the customer's who signed in, a new guest's, or whoever an operator orders for. */
export function ordererFor(caller: Caller, wanted: string | undefined): string {
  if (caller.kind === 'operator' && includes(caller.role, 'operator') && wanted !== undefined) return wanted;
  const own = caller.kind === 'customer' ? caller.subject : undefined;
  if (wanted !== undefined && wanted !== own) throw new NotYourself();
  return own ?? `guest-${uuid7()}`;
}
