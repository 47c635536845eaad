import { readingOf, unique, versionOf, wireName } from './entry.js';
import type { Entry } from './entry.js';

/** Files for EventCatalog (eventcatalog.dev) by path: services, messages, channels and owners. */
export function eventCatalog(entries: readonly Entry[]): Map<string, string> {
  const apps = unique(entries.flatMap(({ context, writers, readers }) => [context, ...writers, ...readers.map(({ app }) => app)]));
  const topics = unique(entries.map(({ topic }) => topic));
  return new Map([
    ...apps.map((app) => [`services/${app}/index.mdx`, service(app, entries)] as const),
    ...entries.flatMap((entry) => message(entry, entries)),
    ...topics.map((topic) => [`channels/${topic}/index.mdx`, channel(topic)] as const),
    ...unique(entries.map(({ owner }) => owner)).map((owner) => [`teams/${owner}.mdx`, page({ id: owner, name: owner }, [])] as const),
  ]);
}

function service(app: string, entries: readonly Entry[]): string {
  const pointers = (some: readonly Entry[]) => some.map((entry) => ({ id: entry.type, version: versionOf(entry) }));
  const head = {
    id: app,
    name: app,
    version: '1.0.0',
    summary: `The context ${app}.`,
    sends: pointers(entries.filter(({ writers }) => writers.includes(app))),
    receives: pointers(entries.filter(({ readers }) => readers.some((reader) => reader.app === app))),
  };
  return page(head, ['<NodeGraph />']);
}

/** The latest version is in the message's folder, earlier ones under `versioned`. */
function message(entry: Entry, entries: readonly Entry[]): [string, string][] {
  const { kind, type, context, description, owner, topic, compatibility, readers, fields } = entry;
  const isLatest = !entries.some((other) => other.type === type && other.version > entry.version);
  const version = versionOf(entry);
  const folder = `services/${context}/${kind}s/${type}${isLatest ? '' : `/versioned/${version}`}`;
  const schema = schemaFile(entry);
  const badges = [
    { content: wireName(entry), backgroundColor: 'blue', textColor: 'blue' },
    { content: compatibility, backgroundColor: 'gray', textColor: 'gray' },
    ...(fields.some(({ personalData }) => personalData) ? [{ content: 'personal data', backgroundColor: 'red', textColor: 'red' }] : []),
  ];
  const about = { id: type, name: type, version, summary: description, owners: [owner] };
  const head = { ...about, channels: [{ id: topic, version: '1.0.0' }], badges, schemaPath: schema.name };
  const handlers = readers.map((reader) => `- ${reader.handler} (${reader.kind}) reads ${readingOf(reader)}`);
  const body = ['<NodeGraph />', '', '## Who reads what', '', ...(handlers.length > 0 ? handlers : ['Nobody in the house handles it.'])];
  return [
    [`${folder}/index.mdx`, page(head, body)],
    [`${folder}/${schema.name}`, schema.text],
  ];
}

function schemaFile({ wire, schema }: Entry): { name: string; text: string } {
  if (wire?.format === 'AVRO') return { name: 'schema.avsc', text: wire.text };
  if (wire?.format === 'PROTOBUF') return { name: 'schema.proto', text: wire.text };
  return { name: 'schema.json', text: `${JSON.stringify(schema, null, 2)}\n` };
}

function channel(topic: string): string {
  const head = {
    id: topic,
    name: topic,
    version: '1.0.0',
    summary: 'A topic: all messages about one entity, in order by its key.',
    address: topic,
    protocols: ['kafka'],
    deliveryGuarantee: 'at-least-once',
  };
  return page(head, ['<ChannelInformation />']);
}

/** The YAML head is written as JSON, which is valid YAML: no text can break out of its line. */
function page(head: Readonly<Record<string, unknown>>, body: readonly string[]): string {
  const lines = Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return ['---', ...lines, '---', '', ...body, ''].join('\n').replace(/\n{3,}$/, '\n');
}
