import { marksOf } from '@nestbox/consumer';
import type { HandlerMark } from '@nestbox/consumer';
import { partsOfModule, validateNow } from '@nestbox/kernel';
import type { AggregateRoot, EventContract, IssuedCommand, MessageContract, RaisedEvent, StandardSchema } from '@nestbox/kernel';
import type { EncodableMessage } from '@nestbox/messaging';
import { sagaOf } from '@nestbox/sagas';
import type { Type } from '@nestjs/common';
import 'reflect-metadata';
import { asRead } from './as-read.js';
import { differenceIn, overlaid } from './likeness.js';

/** A handler's expectations of one contract. */
export interface Expectation {
  /** Handler id. */
  readonly handler: string;
  readonly contract: MessageContract;
  readonly reads?: StandardSchema;
  /** Expected data: the handler's own examples, or the part of the contract's examples that it reads. */
  readonly examples: readonly unknown[];
}

/** Makes a producer create a message of a contract; the latest message of that contract counts. */
export interface Builder {
  readonly contract: MessageContract;
  readonly build: (data: never) => AggregateRoot | readonly (RaisedEvent | IssuedCommand)[];
}

/** `build` gets complete data: the contract's first example, overlaid with the consumer's example. */
export function builder<Data>(contract: MessageContract<Data>, build: (data: Data) => ReturnType<Builder['build']>): Builder {
  return { contract: contract as MessageContract, build };
}

/** The expectations of these handler and saga classes; for modules, of their controllers and providers. */
export function expectationsOf(...consumers: Type[]): Expectation[] {
  return consumers.flatMap(withParts).flatMap((type) => [...ofMarks(type), ...ofSaga(type)]);
}

/** One sentence per example that the builders do not produce; empty when all are met. */
export function unmetBy(builders: readonly Builder[], expectations: readonly Expectation[]): string[] {
  return expectations.flatMap(({ handler, contract, reads, examples }) => {
    const found = builders.find((one) => one.contract.name === contract.name);
    if (!found) return [`${handler} expects ${contract.name}, and no builder makes it.`];
    return examples.flatMap((example, n) => {
      const fault = faultOf(found, example, { contract, reads });
      return fault ? [`${handler}, example ${n + 1} of ${contract.name}: ${fault}.`] : [];
    });
  });
}

function faultOf({ contract, build }: Builder, example: unknown, reading: Pick<Expectation, 'contract' | 'reads'>): string | undefined {
  try {
    const built = build(overlaid(contract.examples[0], example) as never);
    const messages: readonly (RaisedEvent | IssuedCommand)[] = 'pendingEvents' in built ? built.pendingEvents() : built;
    const message = messages.findLast((one) => one.contract.name === contract.name);
    if (!message) return 'the producer says nothing of the kind';
    return differenceIn(asRead({ aggregateVersion: 1, ...message } as EncodableMessage, reading).data, example);
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '');
  }
}

/** The class; for a Nest module also its controllers and providers. */
export function withParts(type: Type): Type[] {
  return [type, ...(partsOfModule(type) as Type[])];
}

function ofMarks(type: Type): Expectation[] {
  return marksOf(type).filter(({ contract }) => contract.kind !== 'state').map(ofMark);
}

function ofMark({ id: handler, contract, reads, examples }: HandlerMark): Expectation {
  if (!reads) return { handler, contract, examples: examples ?? contract.examples };
  return { handler, contract, reads, examples: examples ?? contract.examples.map((example) => partOf(example, reads)) };
}

/** An example that the handler's own schema refuses stays unchanged: the comparison with the producer reports it. */
function partOf(example: unknown, reads: StandardSchema): unknown {
  const result = validateNow(reads, example);
  return result.issues ? example : result.value;
}

function ofSaga(type: Type): Expectation[] {
  const saga = sagaOf(type);
  const heard: readonly EventContract[] = saga ? [saga.starts, ...saga.hears] : [];
  return heard.map((contract) => ({ handler: saga!.id, contract, examples: contract.examples }));
}
