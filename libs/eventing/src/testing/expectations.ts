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

/** What a handler counts on, in one contract. */
export interface Expectation {
  /** Handler id. */
  readonly handler: string;
  readonly contract: MessageContract;
  readonly reads?: StandardSchema;
  /** Data as the handler wants it: its own examples, else the contract's as far as it reads them. */
  readonly examples: readonly unknown[];
}

/** How a producer comes to say what a contract has; the latest of its messages of that contract counts. */
export interface Builder {
  readonly contract: MessageContract;
  readonly build: (data: never) => AggregateRoot | readonly (RaisedEvent | IssuedCommand)[];
}

/** `build` is given whole data, with what a consumer expects laid over the contract's first example. */
export function builder<Data>(contract: MessageContract<Data>, build: (data: Data) => ReturnType<Builder['build']>): Builder {
  return { contract: contract as MessageContract, build };
}

/** What the handlers and sagas expect that these classes are, or (of modules) list as controllers and providers. */
export function expectationsOf(...consumers: Type[]): Expectation[] {
  return consumers.flatMap(withParts).flatMap((type) => [...ofMarks(type), ...ofSaga(type)]);
}

/** One sentence for each example that the producer's builders do not come to; none is how it should be. */
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

/** A class and, of a Nest module, its controllers and providers. */
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

/** An example that does not even suit the handler is left whole: the producer's side says why. */
function partOf(example: unknown, reads: StandardSchema): unknown {
  const result = validateNow(reads, example);
  return result.issues ? example : result.value;
}

function ofSaga(type: Type): Expectation[] {
  const saga = sagaOf(type);
  const heard: readonly EventContract[] = saga ? [saga.starts, ...saga.hears] : [];
  return heard.map((contract) => ({ handler: saga!.id, contract, examples: contract.examples }));
}
