import { defineCommand } from '../../command.js';
import { ofApps } from '../../shop/shop.js';
import { fields, table } from '../../table.js';
import { when } from '../../when.js';
import { findDeadLetter, why } from './dead-letter.js';
import type { DeadLetter } from './dead-letter.js';

interface Attempt {
  readonly at: string;
  readonly errorClass: string;
  readonly code: string | null;
  readonly message: string;
  readonly traceId: string | null;
}

interface Detail extends DeadLetter {
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
    content: { type: 'boolean', about: 'also the full record, with personal data (operator)' },
  },
  async run({ args, options, env, signal }) {
    const { app, id } = findDeadLetter(args.letter, env, options.app);
    const deadLetter = await app.ask<Detail>(`/admin/dead-letters/${id}`, { signal });
    const content = options.content
      ? await app.ask<Content>(`/admin/dead-letters/${id}/content`, { role: 'operator', signal })
      : undefined;
    return {
      json: { app: app.name, ...deadLetter, ...(content && { content }) },
      text: [about(deadLetter), attemptsOf(deadLetter), ...(content ? [recordOf(content)] : [])].join('\n\n'),
    };
  },
});

function about(deadLetter: Detail): string {
  const { handler, key, status, eventType, eventId, aggregateVersion, topic, partition, offset, closedAt } = deadLetter;
  return fields({
    handler,
    key,
    status: closedAt ? `${status} at ${when(closedAt)}` : status,
    event: eventType,
    'event id': eventId,
    version: aggregateVersion,
    record: `${topic}[${partition}]@${offset}`,
    'parked at': when(deadLetter.parkedAt),
    why: why(deadLetter),
    cause: deadLetter.cause,
    'correlation id': deadLetter.correlationId,
    'edited from': deadLetter.editedFrom,
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
