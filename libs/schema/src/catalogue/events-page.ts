import { readingOf, unique, wireName } from './entry.js';
import type { Entry, EntryField } from './entry.js';

/** `docs/events.md`: every contract on one page, for people. */
export function eventsPage(entries: readonly Entry[]): string {
  const events = entries.filter(({ kind }) => kind === 'event');
  const commands = entries.filter(({ kind }) => kind === 'command');
  return [
    '# Events and commands',
    '',
    'Generated from the code by `npx nestbox contracts catalogue`; a test fails while it is stale. What may change in these',
    'is in [contracts](contracts.md); the same for machines is [AsyncAPI](asyncapi.json), and folders for EventCatalog are in',
    '`docs/eventcatalog`.',
    '',
    '| event | topic | told by | heard by | personal data | on the wire |',
    '|---|---|---|---|---|---|',
    ...events.map(row),
    '',
    '| command | topic | sent by | carried out by | personal data | on the wire |',
    '|---|---|---|---|---|---|',
    ...commands.map(row),
    ...unique(entries.map(({ context }) => context)).flatMap((context) => [
      '',
      `## ${context}`,
      ...entries.filter((entry) => entry.context === context).flatMap(section),
    ]),
    '',
  ].join('\n');
}

function row(entry: Entry): string {
  const { type, version, topic, writers, readers, fields } = entry;
  const personal = fields.filter(({ personalData }) => personalData).map(({ path }) => path);
  const anchor = `#${type.toLowerCase()}-v${version}`;
  const cells = [`[${type} v${version}](${anchor})`, topic, list(writers), list(unique(readers.map(({ app }) => app))), list(personal), wireName(entry)];
  return `| ${cells.join(' | ')} |`;
}

function section(entry: Entry): string[] {
  const { type, version, description, topic, owner, compatibility, maxBytes, releases, readers, fields } = entry;
  const released = releases === 0 ? 'not released yet' : `release ${releases}`;
  return [
    '',
    `### ${type} v${version}`,
    '',
    description,
    '',
    `Topic ${topic} · owner ${owner} · ${wireName(entry)}, at most ${maxBytes / 1024} KiB · ${compatibility} · ${released}`,
    '',
    '| field | type | | read by |',
    '|---|---|---|---|',
    ...fields.map(fieldRow),
    '',
    ...(readers.length > 0
      ? ['| handler | kind | reads |', '|---|---|---|', ...readers.map((one) => `| ${one.handler} | ${one.kind} | ${readingOf(one)} |`)]
      : ['Nobody in the house handles it.']),
  ];
}

function fieldRow({ path, type, required, personalData, readBy, description }: EntryField): string {
  const notes = [required ? '' : 'optional', personalData ? 'personal data' : '', description ?? ''].filter((note) => note !== '');
  return `| \`${path}\` | ${type} | ${notes.join('; ')} | ${list(readBy)} |`;
}

function list(words: readonly string[]): string {
  return words.length > 0 ? words.join(', ') : '–';
}
