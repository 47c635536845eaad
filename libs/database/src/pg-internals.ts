import type { Writable } from 'node:stream';
import pg from 'pg';
import type { PoolClient } from 'pg';

/** The part of pg's connection that the extended protocol needs. Made for pg 8.23, which does not publish it. */
export interface ProtocolConnection {
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  readonly stream: Writable;
}

/** Converts a JavaScript value to PostgreSQL's text form. pg exports it, but its types lack it. */
const { prepareValue } = (pg as unknown as { utils?: { prepareValue?: (value: unknown) => unknown } }).utils ?? {};
export const valueMapper = prepareValue!;

/** The protocol connection of a client; undefined when this version of pg keeps it differently. */
export function protocolOf(client: PoolClient): ProtocolConnection | undefined {
  const { connection } = client as unknown as { connection?: Partial<ProtocolConnection> };
  const { parsedStatements, submittedNamedStatements, stream } = connection ?? {};
  const known = isObject(parsedStatements) && isObject(submittedNamedStatements) && typeof stream?.cork === 'function';
  return known ? (connection as ProtocolConnection) : undefined;
}

/** True when this pg lets a query write its own protocol messages (see RepeatedStatement). Otherwise each query is sent alone. */
export function canRepeat(client: PoolClient): boolean {
  const query = pg.Query.prototype as unknown as Record<string, unknown>;
  const hooks = ['prepare', 'handleCommandComplete', 'handleDataRow'].every((name) => typeof query[name] === 'function');
  return hooks && typeof prepareValue === 'function' && protocolOf(client) !== undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
