import { handlerMarksOn, partsOfModule, sagaMarkOn } from '@nestbox/kernel';
import type { CompatibilityLevel, MarkedClass, MessageContract, StandardSchema, WireSchema } from '@nestbox/kernel';
import { isKeywords } from '../json/keywords.js';
import type { JsonSchema } from '../json/keywords.js';

/** A contract as plain data, for the gate and the catalogue. */
export interface ContractView {
  /** `checkout.OrderPlaced.v1`. */
  readonly name: string;
  readonly kind: 'event' | 'command';
  readonly type: string;
  readonly version: number;
  readonly context: string;
  readonly owner: string;
  readonly topic: string;
  readonly description: string;
  readonly compatibility: CompatibilityLevel;
  readonly maxBytes: number;
  /** What readers accept. Open: they ignore unknown fields. */
  readonly schema: JsonSchema;
  readonly wire?: WireSchema;
  readonly examples: readonly unknown[];
}

/** A handler, and the part of a contract that it reads. */
export interface ReaderView {
  /** Handler id: `email.confirm-order`. */
  readonly handler: string;
  readonly app: string;
  readonly contract: string;
  readonly kind: 'reaction' | 'projection' | 'saga';
  /** Undefined: the whole contract. */
  readonly reads?: JsonSchema;
}

export interface ContractCatalog {
  readonly contracts: readonly ContractView[];
  readonly readers: readonly ReaderView[];
}

/** State contracts are left out: whoever reads a state also reads its events. */
type CataloguedContract = Exclude<MessageContract, { kind: 'state' }>;

/** The metadata that handler decorators put on a method. */
interface Mark {
  readonly id: string;
  readonly kind: 'reaction' | 'projection';
  readonly contract: MessageContract;
  readonly reads?: StandardSchema;
}

/** The metadata that `@Saga` puts on a class: one handler for all its events. */
interface SagaMark {
  readonly id: string;
  readonly starts: MessageContract;
  readonly hears: readonly MessageContract[];
}

export interface LoadedApp {
  readonly name: string;
  /** All exports of the app's module file. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Reads contracts and readers from loaded code: the exports of `@nestbox/contracts`, and the marks in the apps. */
export function contractCatalogOf(contracts: Readonly<Record<string, unknown>>, apps: readonly LoadedApp[]): ContractCatalog {
  const views = Object.values(contracts).filter(isContract).map(viewOf);
  return {
    contracts: views.sort((a, b) => (a.name < b.name ? -1 : 1)),
    readers: apps.flatMap((app) => readersIn(app)).sort((a, b) => (a.handler < b.handler ? -1 : 1)),
  };
}

function isContract(value: unknown): value is CataloguedContract {
  const { kind, schema } = (value ?? {}) as Partial<MessageContract>;
  return (kind === 'event' || kind === 'command') && schema !== undefined;
}

export function viewOf(contract: CataloguedContract): ContractView {
  const { name, kind, type, version, topic, description, maxBytes, wire, examples } = contract;
  const context = kind === 'event' ? contract.context : contract.recipient;
  const owner = kind === 'event' ? contract.owner : contract.recipient;
  const compatibility = kind === 'event' ? contract.compatibility : 'FULL_TRANSITIVE';
  const schema = jsonSchemaOf(contract.schema, name);
  return { name, kind, type, version, context, owner, topic, description, compatibility, maxBytes, schema, wire, examples };
}

/** The JSON Schema of a schema's input. For vendors without Standard JSON Schema it accepts anything. */
export function jsonSchemaOf(schema: StandardSchema, name: string): JsonSchema {
  const { jsonSchema } = schema['~standard'] as { jsonSchema?: { input(options: { target: string }): JsonSchema } };
  if (!jsonSchema) return true;
  try {
    const { $schema: _dialect, ...rest } = jsonSchema.input({ target: 'draft-2020-12' }) as Record<string, unknown>;
    return rest;
  } catch (cause) {
    throw new TypeError(`${name}: its schema cannot be told as JSON Schema (${(cause as Error).message})`, { cause });
  }
}

function readersIn({ name: app, exports }: LoadedApp): ReaderView[] {
  const modules = Object.values(exports).filter((one) => typeof one === 'function');
  const parts = modules.flatMap(partsOfModule);
  const handlers = parts.flatMap(marksOn).map(({ id: handler, kind, contract, reads }) => {
    const stated = reads && closedOff(jsonSchemaOf(reads, `what ${handler} reads of ${contract.name}`));
    return { handler, app, contract: contract.name, kind, ...(stated ? { reads: stated } : {}) };
  });
  const sagas = parts.flatMap((part) => sagaMarkOn<SagaMark>(part) ?? []);
  const heard = sagas.flatMap(({ id: handler, starts, hears }) =>
    [starts, ...hears].map(({ name: contract }) => ({ handler, app, contract, kind: 'saga' as const })),
  );
  return [...handlers, ...heard];
}

function marksOn(part: MarkedClass): Mark[] {
  return handlerMarksOn<Mark>(part).map(({ mark }) => mark).filter(({ contract }) => contract.kind !== 'state');
}

/** Opens closed objects: a reader ignores unknown fields, even if its schema is strict. */
function closedOff(schema: JsonSchema): JsonSchema {
  if (!isKeywords(schema) || schema.additionalProperties !== false) return schema;
  const { additionalProperties: _strict, ...open } = schema;
  return open;
}
