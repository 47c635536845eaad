import { ContractError } from './contract.error.js';
import { checkEventData, checkForgetting, checkLimit, checkPrevious, DEFAULT_DATA_BYTES } from './event.js';
import type { CompatibilityLevel, EventSpec } from './event.js';
import { topicName } from './topic.js';
import type { Topic } from './topic.js';

type TopicOfStates = `${string}.${string}.state`;

export interface StateSpec<Data>
  extends Pick<EventSpec<Data>, 'version' | 'description' | 'schema' | 'key' | 'examples' | 'maxBytes' | 'owner' | 'compatibility' | 'previous' | 'personal'> {
  /** PascalCase, ends in State: `ProductState`. */
  readonly type: string;
  /** The topic of the aggregate's events plus `.state`: `inventory.products.state`. */
  readonly topic: TopicOfStates | Topic<TopicOfStates>;
  /**
   * True: every aggregate that ever raised an event has a state, so a new projection can skip all earlier events. Default
   * false: it reads them all, and skips those that a state includes.
   */
  readonly complete?: boolean;
}

/** The contract of an aggregate's state, for readers that cannot read all its events. */
export interface StateContract<Data = unknown> extends StateSpec<Data> {
  readonly kind: 'state';
  readonly topic: TopicOfStates;
  readonly maxBytes: number;
  readonly owner: string;
  readonly compatibility: CompatibilityLevel;
  readonly wire?: undefined;
  readonly context: string;
  /** The topic of the aggregate's events; its versions are those of the state. */
  readonly of: string;
  /** CloudEvents type: `inventory.ProductState.v1`. */
  readonly name: string;
}

/**
 * Defines a state. Throws ContractError when the type does not end in State, the topic is not `<context>.<aggregates>.state`,
 * `previous` is another type, or an example breaks the schema or the limit.
 */
export function defineState<Data>(spec: StateSpec<Data>): StateContract<Data> {
  const { type, version, maxBytes = DEFAULT_DATA_BYTES } = spec;
  const topic = topicName(spec.topic);
  const refuse = (fault: string): never => {
    throw new ContractError(`State ${type}: ${fault}`);
  };
  if (!/^[A-Z][A-Za-z0-9]*State$/.test(type)) refuse('the type must be PascalCase and end in State, such as ProductState.');
  if (!Number.isInteger(version) || version < 1) refuse('the version must be a whole number from 1.');
  const [, of, context] = /^(([a-z][a-z0-9-]*)\.[a-z][a-z0-9.-]*)\.state$/.exec(topic) ?? [];
  if (!of || !context) return refuse(`the topic "${topic}" must read <context>.<aggregates>.state, such as inventory.products.state.`);
  checkLimit(maxBytes, 'leave out what can be had elsewhere', refuse);
  if (spec.examples.length === 0) refuse('give at least one example.');
  checkPrevious(spec, refuse);
  const contract: StateContract<Data> = {
    ...spec,
    kind: 'state',
    topic,
    maxBytes,
    owner: spec.owner ?? context,
    compatibility: spec.compatibility ?? 'FULL_TRANSITIVE',
    context,
    of,
    name: `${context}.${type}.v${version}`,
  };
  for (const example of spec.examples) {
    checkEventData(contract, example);
    checkForgetting(contract, example);
  }
  return Object.freeze(contract);
}
