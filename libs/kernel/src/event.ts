import { ContractError } from './contract.error.js';
import { isPastTense } from './past-tense.js';
import { describeIssues, validateNow } from './standard-schema.js';
import type { SchemaResult, StandardSchema } from './standard-schema.js';
import { topicName } from './topic.js';
import type { Topic } from './topic.js';

/** Largest payload (the `data` of one event, in bytes of UTF-8 JSON) that any contract may allow. */
export const MAX_EVENT_BYTES = 256 * 1024;
/** The default size limit of a contract. */
export const DEFAULT_DATA_BYTES = 64 * 1024;

/** The encoding of data when a schema registry is configured. Otherwise, and by default, data is sent as JSON. */
export interface WireSchema {
  readonly format: 'AVRO' | 'PROTOBUF';
  /** The `.avsc` or `.proto`. */
  readonly text: string;
}

/** What a schema change must not break: see `contracts check`. */
export type CompatibilityLevel = 'NONE' | `${'BACKWARD' | 'FORWARD' | 'FULL'}${'' | '_TRANSITIVE'}`;

/** Names the person that data belongs to, so that the data can be forgotten without rewriting stored events. */
export interface PersonalData<Data = never> {
  /** The id of the person, the same in every contract. */
  readonly subject: (data: Data) => string;
  /** Every personal field, with its value after the person is forgotten; the schema must accept that value. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Converts one version of an event to the next. Pure; applied wherever an old event is read. */
export interface Upcaster<Data> {
  readonly from: EventContract;
  readonly upcast: (old: unknown) => Data;
}
type TopicOfEvents = `${string}.${string}`;

export interface EventSpec<Data> {
  /** PascalCase, past tense, unique among all contracts: `OrderPlaced`. */
  readonly type: string;
  readonly version: number;
  /** `<context>.<aggregates>`: all events of one entity share a topic, which keeps them in order. */
  readonly topic: TopicOfEvents | Topic<TopicOfEvents>;
  /** One sentence: the fact that this event states. */
  readonly description: string;
  /** A schema with its own wire form (`avro(…)`, `protobuf(…)`) also sets `wire`. */
  readonly schema: StandardSchema<Data> & { readonly wire?: WireSchema };
  /** The aggregate's id: the record key. Events with one key stay in order. */
  readonly key: (data: Data) => string;
  /** At least one; each is validated, and measured against the size limit, when the contract is defined. */
  readonly examples: readonly NoInfer<Data>[];
  /** Limit for `data` in bytes of UTF-8 JSON. Default 64 KiB, at most 256 KiB. */
  readonly maxBytes?: number;
  /** The responsible team. Default: the context. */
  readonly owner?: string;
  readonly wire?: WireSchema;
  /** Which released readers and events a change must not break. Default FULL_TRANSITIVE. */
  readonly compatibility?: CompatibilityLevel;
  /** With field encryption, these fields are encrypted in every stored copy. The key field cannot be personal. */
  readonly personal?: PersonalData<Data>;
  /** Converts events of the previous version: `upcastFrom(OrderPlacedV1, (old) => …)`. */
  readonly previous?: Upcaster<Data>;
}

/** The contract of an event, not an instance. */
export interface EventContract<Data = unknown> extends EventSpec<Data> {
  readonly topic: TopicOfEvents;
  readonly maxBytes: number;
  readonly owner: string;
  readonly compatibility: CompatibilityLevel;
  readonly kind: 'event';
  /** The one context that publishes it: the first half of the topic. */
  readonly context: string;
  /** CloudEvents type: `checkout.OrderPlaced.v1`. */
  readonly name: string;
}

/** The data of an event or a command. */
export type EventData<C> = C extends Pick<EventContract<infer Data>, 'schema' | 'key'> ? Data : never;

/**
 * Defines an event. Throws ContractError, naming fault and cure, when the name is not past tense, the topic is not
 * `<context>.<aggregates>`, the limit is above 256 KiB, or an example breaks the schema or the limit.
 */
export function defineEvent<Data>(spec: EventSpec<Data>): EventContract<Data> {
  const { type, version, maxBytes = DEFAULT_DATA_BYTES } = spec;
  const topic = topicName(spec.topic);
  const refuse = (fault: string): never => {
    throw new ContractError(`Event ${type}: ${fault}`);
  };
  if (!/^[A-Z][A-Za-z0-9]*$/.test(type)) refuse('the type must be one PascalCase word, such as OrderPlaced.');
  if (/(Event|Command)$/.test(type)) refuse('leave the suffix off; past tense alone says that it is an event.');
  if (!isPastTense(type)) refuse('the name must end in a past participle (OrderPlaced); an instruction is a command.');
  if (!Number.isInteger(version) || version < 1) refuse('the version must be a whole number from 1.');
  const context = /^([a-z][a-z0-9-]*)\.[a-z][a-z0-9.-]*$/.exec(topic)?.[1];
  if (!context) return refuse(`the topic "${topic}" must read <context>.<aggregates>, such as checkout.orders.`);
  checkLimit(maxBytes, 'send a reference instead', refuse);
  if (spec.examples.length === 0) refuse('give at least one example.');
  const { owner = context, compatibility = 'FULL_TRANSITIVE', wire = spec.schema.wire } = spec;
  checkPrevious(spec, refuse);
  const contract: EventContract<Data> = {
    ...spec,
    kind: 'event',
    topic,
    maxBytes,
    owner,
    compatibility,
    wire,
    context,
    name: `${context}.${type}.v${version}`,
  };
  for (const example of spec.examples) {
    checkEventData(contract, example);
    checkForgetting(contract, example);
  }
  return Object.freeze(contract);
}

/** Also refuses NaN, which would disable the limit. */
export function checkLimit(maxBytes: number, cure: string, refuse: (fault: string) => never): void {
  if (maxBytes > MAX_EVENT_BYTES) refuse(`maxBytes ${maxBytes} is over ${MAX_EVENT_BYTES}; ${cure}.`);
  if (!Number.isInteger(maxBytes) || maxBytes < 1) refuse(`maxBytes ${maxBytes} is no limit; give a whole number of bytes from 1.`);
}

export function checkPrevious(
  { type, version, previous }: { readonly type: string; readonly version: number; readonly previous?: Pick<Upcaster<unknown>, 'from'> },
  refuse: (fault: string) => never,
): void {
  if (!previous || (previous.from.type === type && previous.from.version < version)) return;
  refuse(`previous is ${previous.from.name}; it must be an earlier version of ${type}.`);
}

/** Data must stay valid, with the same key, after its person is forgotten. */
export function checkForgetting<Data>(contract: DataContract<Data> & { readonly personal?: PersonalData<Data> }, data: Data): void {
  if (!contract.personal) return;
  const present = Object.entries(contract.personal.fields).filter(([field]) => (data as Record<string, unknown>)[field] !== undefined);
  const forgotten = { ...data, ...Object.fromEntries(present) };
  checkEventData(contract, forgotten);
  if (contract.key(forgotten) !== contract.key(data)) throw new ContractError(`${contract.type}: the key is personal; use an id that says nothing.`);
}

/** `old` is valid under its own contract. The result of `upcast` is validated against the new one. */
export function upcastFrom<Old, Data>(from: EventContract<Old>, upcast: (old: Old) => Data): Upcaster<Data> {
  return { from: from as EventContract, upcast: upcast as (old: unknown) => Data };
}

/** The contract that data is read with; commands have no earlier versions. */
type ReadContract<Data> = Pick<EventContract<Data>, 'schema' | 'version' | 'previous'>;

/**
 * Reads data of any version as this contract's version. Older data passes through the upcasters, validated at each step. Of
 * newer data only the fields known here are kept.
 */
export function readEventData<Data>(contract: ReadContract<Data>, version: number, data: unknown): SchemaResult<Data> {
  const { previous, schema } = contract;
  if (version >= contract.version || !previous) return validateNow(schema, data);
  const old = readEventData(previous.from, version, data);
  return old.issues ? old : validateNow(schema, previous.upcast(old.value));
}

/** The part of a contract that data is validated with. */
type DataContract<Data> = Pick<EventContract<Data>, 'type' | 'schema' | 'maxBytes' | 'key'>;

/** Returns the validated data, without unknown fields, and its JSON. Throws ContractError when it is invalid. */
export function checkEventData<Data>(contract: DataContract<Data>, data: unknown): { data: Data; json: string } {
  const result = validateNow(contract.schema, data);
  if (result.issues) throw new ContractError(`${contract.type}: data breaks its contract: ${describeIssues(result.issues)}`);
  const json = jsonOf(result.value);
  if (json === undefined) throw new ContractError(`${contract.type}: data cannot be written as JSON.`);
  const bytes = Buffer.byteLength(json);
  if (bytes > contract.maxBytes) {
    throw new ContractError(`${contract.type}: ${bytes} bytes of data are over its limit of ${contract.maxBytes}.`);
  }
  const key = contract.key(result.value);
  const keyBytes = typeof key === 'string' ? Buffer.byteLength(key) : 0;
  if (keyBytes < 1 || keyBytes > 512) throw new ContractError(`${contract.type}: the key must be 1 to 512 bytes long.`);
  return { data: result.value, json };
}

/** Undefined for what JSON cannot represent: undefined, a function, a bigint, a cycle. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
