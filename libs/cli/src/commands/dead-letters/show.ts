import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { fields, table } from '../../table.js';
import { when } from '../../when.js';
import { findLetter, why } from './letters.js';
import type { Letter } from './letters.js';

interface Attempt {
  readonly at: string;
  readonly errorClass: string;
  readonly code: string | null;
  readonly message: string;
  readonly traceId: string | null;
}

interface Detail extends Letter {
  readonly eventId: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly aggregateVersion: number | null;
  readonly cause: string | null;
  readonly correlationId: string | null;
  readonly editedFrom: string | null;
  readonly closedAt: string | null;
  readonly attempts: readonly Attempt[];
}

type Bytes = { readonly text: string } | { readonly base64: string } | null;
interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly key: Bytes;
  readonly value: Bytes;
}

export const deadLettersShow = defineCommand({
  name: 'dead-letters show',
  summary: 'one dead letter with the history of its attempts',
  args: ['letter'],
  options: {
    ...ofApps,
    content: { type: 'boolean', about: 'and the record as it was sent, personal data and all (operator)' },
  },
  async run({ args, options, env, signal }) {
    const { app, id } = findLetter(args.letter, env, options.app);
    const letter = await app.ask<Detail>(`/admin/dead-letters/${id}`, { signal });
    const content = options.content
      ? await app.ask<Content>(`/admin/dead-letters/${id}/content`, { signal })
      : undefined;
    return {
      json: { app: app.name, ...letter, ...(content && { content }) },
      text: [about(letter), attemptsOf(letter), ...(content ? [recordOf(content)] : [])].join('\n\n'),
    };
  },
});

function about(letter: Detail): string {
  const { handler, key, status, eventType, eventId, aggregateVersion, topic, partition, offset } = letter;
  return fields({
    handler,
    key,
    status: letter.closedAt ? `${status} at ${when(letter.closedAt)}` : status,
    event: eventType,
    'event id': eventId,
    version: aggregateVersion,
    record: `${topic}[${partition}]@${offset}`,
    'parked at': when(letter.parkedAt),
    why: why(letter),
    cause: letter.cause,
    'correlation id': letter.correlationId,
    'edited from': letter.editedFrom,
  });
}

function attemptsOf({ attempts }: Detail): string {
  const rows = attempts.map(({ at, errorClass, code, message }) => [when(at), errorClass, code, message]);
  return table(['ATTEMPT AT', 'ERROR', 'CODE', 'MESSAGE'], rows, 'It has not been tried.');
}

function recordOf({ headers, key, value }: Content): string {
  const shown = (bytes: Bytes) => bytes && ('text' in bytes ? bytes.text : `base64 ${bytes.base64}`);
  return fields({
    ...Object.fromEntries(Object.entries(headers).map(([name, text]) => [`header ${name}`, text])),
    'record key': shown(key),
    value: shown(value),
  });
}
