import type { HandlerMark } from '@nestbox/consumer';
import { handlerMarksOn } from '@nestbox/kernel';
import type { MessageContract, RaisedEvent } from '@nestbox/kernel';
import { conformToMark } from '@nestbox/messaging';
import type { EventMessage } from '@nestbox/messaging';
import type { Type } from '@nestjs/common';
import { asRead } from './as-read.js';
import { withParts } from './expectations.js';

/** One example that a handler has handled. */
export interface Simulated {
  /** Handler id. */
  readonly handler: string;
  /** The example's contract: the handler's, or an earlier version of it. */
  readonly contract: string;
  readonly data: unknown;
  /** The handler's calls of its dependencies: `CommandBus.execute` with its arguments. */
  readonly calls: readonly { readonly call: string; readonly args: readonly unknown[] }[];
}

export interface SimulateOptions {
  /** Additional examples by contract name, such as those of earlier releases. */
  readonly also?: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * Runs the handlers with every example of their contracts, including earlier versions, without a broker or a database. Events
 * are encoded and decoded as usual. Dependencies are replaced by recorders that return an empty list. For modules, runs all
 * controllers. Rejects with a sentence when a handler fails.
 */
export async function simulate(consumers: readonly Type[], { also = new Map() }: SimulateOptions = {}): Promise<Simulated[]> {
  const rehearsed: Simulated[] = [];
  for (const type of consumers.flatMap(withParts)) {
    for (const { mark, method } of handlerMarksOn<HandlerMark>(type)) {
      for (const contract of [mark.contract, ...versionsBefore(mark.contract)]) {
        const examples = [...contract.examples, ...(also.get(contract.name) ?? [])];
        for (const [n, data] of examples.entries()) rehearsed.push(await handOver(type, method, mark, contract, data, n + 1));
      }
    }
  }
  return rehearsed;
}

async function handOver(type: Type, method: string, mark: HandlerMark, contract: MessageContract, data: unknown, n: number): Promise<Simulated> {
  const calls: { call: string; args: readonly unknown[] }[] = [];
  const handler = new type(...injectedInto(type).map((name) => recorder(name, calls))) as Record<string, (payload: unknown) => unknown>;
  try {
    const message = read(mark, contract, data);
    await handler[method]!(mark.batch ? [message] : message);
  } catch (cause) {
    throw new Error(`${mark.id} cannot take example ${n} of ${contract.name}: ${(cause as Error).message}`, { cause });
  }
  return { handler: mark.id, contract: contract.name, data, calls };
}

function read(mark: HandlerMark, contract: MessageContract, data: unknown): EventMessage {
  const raised = { contract, data, json: JSON.stringify(data), key: contract.key(data), aggregateVersion: 1 } as RaisedEvent;
  const sent = asRead(raised, { contract });
  return conformToMark(sent, mark);
}

function versionsBefore({ previous }: MessageContract): MessageContract[] {
  return previous ? [previous.from, ...versionsBefore(previous.from)] : [];
}

/** Names of the constructor's dependencies, in order. */
function injectedInto(type: Type): string[] {
  const types = (Reflect.getMetadata('design:paramtypes', type) ?? []) as unknown[];
  const chosen = (Reflect.getMetadata('self:paramtypes', type) ?? []) as { index: number; param: unknown }[];
  return types.map((found, index) => {
    const token = chosen.find((one) => one.index === index)?.param ?? found;
    return typeof token === 'function' ? token.name : String(token);
  });
}

function recorder(name: string, calls: { call: string; args: readonly unknown[] }[]): object {
  return new Proxy(
    {},
    {
      get: (_target, method) =>
        // A recorder with `then` would be taken for a promise.
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : (...args: unknown[]) => {
              calls.push({ call: `${name}.${method}`, args });
              return Promise.resolve([]);
            },
    },
  );
}
