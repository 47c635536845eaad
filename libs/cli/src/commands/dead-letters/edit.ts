import { readFileSync } from 'node:fs';
import { defineCommand } from '../../command.js';
import { Fault } from '../../fault.js';
import { ofApps } from '../../shop/shop.js';
import { signed, signing } from '../../signing.js';
import { findDeadLetter } from './dead-letter.js';

export const deadLettersEdit = defineCommand({
  name: 'dead-letters edit',
  summary: 'replaces a parked event by a corrected copy; redrive that afterwards (admin)',
  args: ['letter'],
  options: {
    ...ofApps,
    ...signing,
    data: { type: 'string', value: '<json>', about: 'the new data of the event; @file reads it from a file' },
    value: {
      type: 'string',
      value: '<text>',
      about: 'the whole record, for one whose envelope is unreadable; or @file',
    },
  },
  more: 'The copy keeps the id and the key of the event, is linked to the original, and must satisfy the contract.',
  async run({ args, options, env, signal }) {
    if ((options.data === undefined) === (options.value === undefined))
      throw new Fault('Give either --data or --value', 2);
    const change =
      options.data === undefined ? { value: contentOf(options.value!) } : { data: jsonIn(contentOf(options.data)) };
    const { app, id } = findDeadLetter(args.letter, env, options.app);
    const body = { ...signed(options, env), ...change };
    const copy = await app.ask<{ id: string }>(`/admin/dead-letters/${id}/edit`, { method: 'POST', role: 'admin', body, signal });
    return {
      json: { app: app.name, ...copy, editedFrom: id },
      text: `${args.letter} is replaced by ${app.name}/${copy.id}: redrive that`,
    };
  },
});

function contentOf(text: string): string {
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(text.slice(1), 'utf8');
  } catch (cause) {
    throw new Fault(`${text.slice(1)} cannot be read (${(cause as NodeJS.ErrnoException).code})`, 2, { cause });
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault(`--data is no JSON: ${(cause as Error).message}`, 2, { cause });
  }
}
