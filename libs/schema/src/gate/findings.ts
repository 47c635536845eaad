import { breaksBetween } from '../comparison/compare.js';
import type { Break } from '../compatibility/break.js';
import { demandsOf } from '../comparison/level.js';
import { closed } from '../json/closed.js';
import type { JsonSchema } from '../json/keywords.js';
import type { Baselines, Release } from './baselines.js';
import { renamedTo } from './fields.js';
import type { ContractView, ContractCatalog, ReaderView } from './contract-catalog.js';

/** A change that breaks a reader. */
export interface Finding {
  readonly contract: string;
  readonly path: string;
  readonly kind: string;
  /** `forward`: old readers, new data. `backward`: new readers, old data. `now`: current reader, current contract. */
  readonly direction: 'forward' | 'backward' | 'now';
  /** The release that the change is incompatible with; 0 for `now`. */
  readonly release: number;
  /** Handler ids; empty when no known handler breaks, but the level protects unknown readers. */
  readonly handlers: readonly string[];
  /** Data, as JSON, that is allowed on one side of the change and refused on the other, where some was found. */
  readonly counterexample?: string;
  /** The finding as one sentence. */
  readonly sentence: string;
}

/** A handler; without an id, an unknown reader outside this repository. */
interface Reader {
  readonly handler?: string;
  readonly schema: JsonSchema;
}

/** All incompatible changes since the releases, each change once. */
export function findingsIn(catalog: ContractCatalog, baselines: Baselines): Finding[] {
  return catalog.contracts.flatMap((contract) => {
    const readers = catalog.readers.filter((reader) => reader.contract === contract.name);
    const found = new Found(contract, baselines.releases.get(contract.name)?.at(-1));
    for (const reader of readers) if (reader.reads) found.now(reader.handler, reader.reads);
    const { transitive, forward, backward } = demandsOf(contract.compatibility);
    const releases = baselines.releases.get(contract.name) ?? [];
    for (const release of transitive ? releases : releases.slice(-1)) {
      if (forward) found.forward(release, readersThen(contract, release, readers, baselines));
      if (backward) found.backward(release, readersNow(contract, readers));
    }
    return found.all();
  });
}

function readersNow({ schema }: ContractView, readers: readonly ReaderView[]): Reader[] {
  return orOutside(readers.map(({ handler, reads }) => ({ handler, schema: reads ?? schema })), schema);
}

/** The released readers: they are still deployed when the first new data is written. */
function readersThen({ name }: ContractView, { schema }: Release, readers: readonly ReaderView[], { readers: then }: Baselines): Reader[] {
  const known = readers.map(({ handler, reads }) => ({ handler, schema: then[handler]?.[name] ?? (then[handler] ? schema : (reads ?? schema)) }));
  const gone = Object.entries(then).filter(([id, read]) => name in read && !readers.some(({ handler }) => handler === id));
  return orOutside([...known, ...gone.map(([handler, read]) => ({ handler, schema: read[name] ?? schema }))], schema);
}

function orOutside(readers: readonly Reader[], schema: JsonSchema): Reader[] {
  return readers.length > 0 ? [...readers] : [{ schema }];
}

class Found {
  private readonly findings = new Map<string, { finding: Omit<Finding, 'handlers' | 'sentence'>; reason: string; handlers: Set<string> }>();

  constructor(
    private readonly contract: ContractView,
    private readonly last: Release | undefined,
  ) {}

  now(handler: string, reads: JsonSchema): void {
    this.add('now', 0, json(reads, closed(this.contract.schema)), handler);
  }

  forward(release: Release, readers: readonly Reader[]): void {
    const written = closed(this.contract.schema);
    for (const { handler, schema } of readers) this.add('forward', release.release, json(schema, written), handler);
    this.wire('forward', release, readers, wireBreaks(release, this.contract));
  }

  backward(release: Release, readers: readonly Reader[]): void {
    const written = closed(release.schema);
    for (const { handler, schema } of readers) this.add('backward', release.release, json(schema, written), handler);
    this.wire('backward', release, readers, wireBreaks(this.contract, release));
  }

  all(): Finding[] {
    return [...this.findings.values()].flatMap(({ finding, reason, handlers }) => {
      const ids = [...handlers].filter((id) => finding.direction !== 'now' || !this.isReportedAlready(finding.path, id)).sort();
      if (finding.direction === 'now' && ids.length === 0) return [];
      return { ...finding, handlers: ids, sentence: this.sentence(finding, reason, ids) };
    });
  }

  /** A break by a change is more precise than a `now` finding for the same field. */
  private isReportedAlready(path: string, handler: string): boolean {
    const others = [...this.findings.values()].filter(({ finding }) => finding.direction === 'forward' && finding.path === path);
    return others.some(({ handlers }) => handlers.has(handler));
  }

  private wire(direction: 'forward' | 'backward', { release }: Release, readers: readonly Reader[], breaks: readonly Break[]): void {
    for (const { handler } of readers) this.add(direction, release, breaks, handler);
  }

  private add(direction: Finding['direction'], release: number, breaks: readonly Break[], handler: string | undefined): void {
    for (const { kind, path, reason, counterexample } of breaks) {
      // The same change also breaks earlier releases: only the latest one is reported.
      const key = `${direction} ${kind} ${path}`;
      const known = this.findings.get(key);
      const handlers = known?.handlers ?? new Set();
      if (handler) handlers.add(handler);
      this.findings.set(key, {
        finding: { contract: this.contract.name, path, kind, direction, release, ...(counterexample === undefined ? {} : { counterexample }) },
        reason,
        handlers,
      });
    }
  }

  private sentence({ path, direction, release }: Omit<Finding, 'handlers' | 'sentence'>, reason: string, handlers: readonly string[]): string {
    const { type, version } = this.contract;
    const at = path === '' ? '' : ` at "${path}"`;
    const hint = this.last && direction !== 'now' ? renamedTo(path, this.last.schema, this.contract.schema) : undefined;
    const renamed = hint ? ` (renamed to "${hint}"?)` : '';
    const who = handlers.length > 0 ? list(handlers) : 'readers outside the house: nobody in it says what it reads';
    const verdict = {
      now: `what is written does not suit ${who}`,
      forward: `what is written now cannot be read by ${who}`,
      backward: `what release ${release} wrote can no longer be read by ${who}`,
    }[direction];
    return `${type} v${version}${at}: ${reason}${renamed}; ${verdict}.`;
  }
}

/** `email (email.confirm-order) and analytics (analytics.count-funnel, analytics.count-revenue)`. */
function list(handlers: readonly string[]): string {
  const apps = new Map<string, string[]>();
  for (const handler of handlers) {
    const app = handler.split('.')[0]!;
    apps.set(app, [...(apps.get(app) ?? []), handler]);
  }
  const named = [...apps].map(([app, ids]) => `${app} (${ids.join(', ')})`);
  return named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : named[0]!;
}

/** Contracts are told in the newest draft, which their schemas do not say. */
function told(schema: JsonSchema): JsonSchema {
  return typeof schema === 'boolean' ? schema : { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema };
}

function json(reader: JsonSchema, writer: JsonSchema): Break[] {
  return breaksBetween({ format: 'JSON', text: JSON.stringify(told(reader)) }, { format: 'JSON', text: JSON.stringify(told(writer)) });
}

/** The breaks between two wire schemas. A change between Avro and Protobuf is always a break. */
function wireBreaks({ wire: reader }: Pick<Release, 'wire'>, { wire: writer }: Pick<Release, 'wire'>): Break[] {
  if (reader && writer) return breaksBetween(reader, writer, { strict: true });
  // Readers recognise JSON record by record, so changing to or from JSON is safe.
  return [];
}
