import { ContractError } from './contract.error.js';
import { isPastTense } from './past-tense.js';
import type { StandardSchema } from './standard-schema.js';

export interface CommandSpec<Data> {
  /** PascalCase, imperative: `CapturePayment`. */
  readonly type: string;
  readonly version: number;
  /** The one context that carries it out. */
  readonly recipient: string;
  readonly description: string;
  readonly schema: StandardSchema<Data>;
  /** The entity that it is about: the record key. */
  readonly key: (data: Data) => string;
}

/** An instruction for one recipient. */
export interface CommandContract<Data = unknown> extends CommandSpec<Data> {
  readonly kind: 'command';
  readonly topic: `${string}.commands`;
  /** CloudEvents type: `payments.CapturePayment.v1`. */
  readonly name: string;
}

/** Defines a command. Throws ContractError when the name is past tense (a fact is an event) or names no recipient. */
export function defineCommand<Data>(spec: CommandSpec<Data>): CommandContract<Data> {
  const { type, version, recipient } = spec;
  if (!/^[A-Z][A-Za-z0-9]*$/.test(type) || /(Event|Command)$/.test(type)) {
    throw new ContractError(`Command ${type}: the type must be PascalCase without a suffix, such as CapturePayment.`);
  }
  if (isPastTense(type)) throw new ContractError(`Command ${type}: past tense states a fact; use defineEvent.`);
  if (!/^[a-z][a-z0-9-]*$/.test(recipient)) {
    throw new ContractError(`Command ${type}: "${recipient}" is no context; a command names its one recipient.`);
  }
  return Object.freeze({
    ...spec,
    kind: 'command',
    topic: `${recipient}.commands`,
    name: `${recipient}.${type}.v${version}`,
  });
}
