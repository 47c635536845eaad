import { ContractError } from './contract.error.js';
import { checkEventData, checkLimit, DEFAULT_DATA_BYTES } from './event.js';
import type { EventContract } from './event.js';
import { isPastTense } from './past-tense.js';
import type { StandardSchema } from './standard-schema.js';
import type { StateContract } from './state.js';
import type { Topic } from './topic.js';

type TopicOfCommands = `${string}.commands`;

export interface CommandSpec<Data> {
  /** PascalCase, imperative: `CapturePayment`. */
  readonly type: string;
  readonly version: number;
  /** The one context that handles it. */
  readonly recipient: string;
  /** The declaration of topic `<recipient>.commands`. */
  readonly topic?: Topic<TopicOfCommands>;
  /** One sentence: what it asks for, and which events answer it. */
  readonly description: string;
  readonly schema: StandardSchema<Data>;
  /** The entity's id: the record key. */
  readonly key: (data: Data) => string;
  /** At least one; each is validated, and measured against the size limit, when the contract is defined. */
  readonly examples: readonly NoInfer<Data>[];
  /** Limit for `data` in bytes of UTF-8 JSON. Default 64 KiB, at most 256 KiB. */
  readonly maxBytes?: number;
}

/** An instruction for one recipient. */
export interface CommandContract<Data = unknown> extends Required<Omit<CommandSpec<Data>, 'topic'>> {
  readonly kind: 'command';
  readonly previous?: undefined;
  readonly personal?: undefined;
  readonly wire?: undefined;
  readonly topic: TopicOfCommands;
  /** CloudEvents type: `payments.CapturePayment.v1`. */
  readonly name: string;
}

/** Every kind of message: event, command or state. */
export type MessageContract<Data = unknown> = EventContract<Data> | CommandContract<Data> | StateContract<Data>;

/** A validated command that is not stored yet. */
export interface IssuedCommand {
  readonly contract: CommandContract;
  readonly data: unknown;
  /** `data` as JSON: validated and measured once, here. */
  readonly json: string;
  readonly key: string;
}

/**
 * Defines a command. Throws ContractError when the name is past tense (a fact is an event), names no recipient, or an
 * example breaks the schema or the limit.
 */
export function defineCommand<Data>(spec: CommandSpec<Data>): CommandContract<Data> {
  const { type, version, recipient, maxBytes = DEFAULT_DATA_BYTES } = spec;
  const refuse = (fault: string): never => {
    throw new ContractError(`Command ${type}: ${fault}`);
  };
  if (!/^[A-Z][A-Za-z0-9]*$/.test(type) || /(Event|Command)$/.test(type)) {
    refuse('the type must be PascalCase without a suffix, such as CapturePayment.');
  }
  if (isPastTense(type)) refuse('past tense states a fact; use defineEvent.');
  if (!Number.isInteger(version) || version < 1) refuse('the version must be a whole number from 1.');
  if (!/^[a-z][a-z0-9-]*$/.test(recipient)) refuse(`"${recipient}" is no context; a command names its one recipient.`);
  const topic = `${recipient}.commands` as const;
  if (spec.topic && spec.topic.name !== topic) refuse(`its recipient reads ${topic}, not ${spec.topic.name}.`);
  checkLimit(maxBytes, 'send a reference instead', refuse);
  if (spec.examples.length === 0) refuse('give at least one example.');
  const contract: CommandContract<Data> = {
    ...spec,
    kind: 'command',
    maxBytes,
    topic,
    name: `${recipient}.${type}.v${version}`,
  };
  for (const example of spec.examples) checkEventData(contract, example);
  return Object.freeze(contract);
}

/** Creates a command. Pure. Throws ContractError when the data breaks the command's schema or size limit. */
export function issue<Data>(contract: CommandContract<Data>, data: NoInfer<Data>): IssuedCommand {
  const checked = checkEventData(contract, data);
  return { contract: contract as CommandContract, data: checked.data, json: checked.json, key: contract.key(checked.data) };
}
