import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { Broker, TopicSpec } from './broker/broker.js';
import type { SubjectKeys } from './encryption/subject-keys.js';

export const EVENTING_OPTIONS = Symbol.for('nestbox.eventing.options');

/** What every part of Nestbox has to know about the context that it serves. */
export interface MessagingOptions {
  /** This context's name: the producer in every envelope, and the default consumer group. */
  readonly context: string;
  /** Every topic that this app publishes to or reads, with its partitions; created where missing. */
  readonly topics: readonly TopicSpec[];
  /**
   * How long the inbox and the idempotency keys remember, in days. Default 30. Must be longer than any topic keeps its
   * events: what is delivered again after that has its effect again.
   */
  readonly rememberDays?: number;
  /**
   * `http://[user:password@]host:port` of a registry that speaks Confluent's REST API. Without it every event travels as
   * JSON, whatever its contract would like, and records with a schema id wait.
   */
  readonly schemaRegistryUrl?: string;
  /**
   * Where the keys of people are whose data is in events: a PostgreSQL URL, or an adapter of your own. Without it personal
   * fields travel as they are, and nobody can be forgotten.
   */
  readonly subjectKeys?: string | SubjectKeys;
}

/** The same, and how messages travel. */
export interface MessagingModuleOptions extends MessagingOptions {
  readonly broker: Broker;
}

/** How a module is given its options by a factory. */
export interface AsyncOptions<Options> extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...args: never[]) => Options | Promise<Options>;
}
