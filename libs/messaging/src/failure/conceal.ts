import type { MessageContract } from '@nestbox/kernel';

/** Shorter ones say nothing of anybody, and would take every text to pieces. */
const SHORTEST = 3;
const concealed = new WeakMap<object, RegExp>();

/**
 * Whoever threw this had a person's data in hand and may have quoted it: `withoutPersonal` takes it out of whatever is
 * said of the error from now on.
 */
export function conceal(error: unknown, { personal }: Pick<MessageContract, 'personal'>, data: unknown): void {
  if (!personal || typeof error !== 'object' || error === null) return;
  const values = Object.keys(personal.fields).flatMap((field) => textsIn((data as Record<string, unknown> | null)?.[field]));
  const telling = values.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  if (telling.length > 0) concealed.set(error, new RegExp(telling.map(literally).join('|'), 'gi'));
}

export function withoutPersonal(error: unknown, text: string): string {
  const values = typeof error === 'object' && error !== null ? concealed.get(error) : undefined;
  return values ? text.replace(values, '<personal>') : text;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
