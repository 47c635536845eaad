import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from './transaction.js';

/** Whoever waits for an answer: an HTTP client. */
export interface Caller {
  readonly isGone: () => boolean;
  /** What has begun for somebody is finished, also when it takes more than one transaction. */
  served: boolean;
}

/** What the asynchronous context stands in: open transactions, and outermost the caller. */
export interface Scope {
  /** The UnitOfWork of the transaction. */
  readonly owner?: object;
  readonly transaction?: Transaction;
  readonly caller?: Caller;
  readonly outer?: Scope;
}

// One store per process: Node copies every store into each promise, also the stores of closed apps.
export const scopes = new AsyncLocalStorage<Scope>();

/** The caller that the present work is for, unless it has begun to be served. */
export function waitingCaller(): Caller | undefined {
  let scope = scopes.getStore();
  while (scope && !scope.caller) scope = scope.outer;
  return scope?.caller?.served === false ? scope.caller : undefined;
}

/** Middleware for Express and Fastify: the units of work of a request know whether its client still waits. */
export function forCaller({ socket }: IncomingMessage, response: ServerResponse, next: () => void): void {
  // A response that has been sent is closed, too; work that goes on after it is done for somebody else.
  const isGone = () => (response.destroyed || socket.readableEnded) && !response.writableEnded;
  scopes.run({ caller: { isGone, served: false }, outer: scopes.getStore() }, next);
}

/** Resolves when everything has been read that lay in the sockets: after a standstill, hang-ups lie behind their requests. */
export async function socketsRead(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
