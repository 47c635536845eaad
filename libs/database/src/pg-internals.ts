import type { Writable } from 'node:stream';
import pg from 'pg';
import type { PoolClient } from 'pg';

/** The part of pg's connection that the extended protocol needs. Made for pg 8.23, which does not publish it. */
export interface Wire {
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  readonly stream: Writable;
}

/** How pg turns a JavaScript value into the text that PostgreSQL reads; exported by pg, left out of its types. */
const { prepareValue } = (pg as unknown as { utils?: { prepareValue?: (value: unknown) => unknown } }).utils ?? {};
export const valueMapper = prepareValue!;

/** What stands between a client and its socket; undefined where this pg keeps it otherwise than the one known here. */
export function encodingOf(client: PoolClient): Wire | undefined {
  const { connection } = client as unknown as { connection?: Partial<Wire> };
  const { parsedStatements, submittedNamedStatements, stream } = connection ?? {};
  const known = isObject(parsedStatements) && isObject(submittedNamedStatements) && typeof stream?.cork === 'function';
  return known ? (connection as Wire) : undefined;
}

/** True where pg lets a query of ours write its own messages: see RepeatedStatement. Otherwise each is sent by itself. */
export function canRepeat(client: PoolClient): boolean {
  const query = pg.Query.prototype as unknown as Record<string, unknown>;
  const hooks = ['prepare', 'handleCommandComplete', 'handleDataRow'].every((name) => typeof query[name] === 'function');
  return hooks && typeof prepareValue === 'function' && encodingOf(client) !== undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
