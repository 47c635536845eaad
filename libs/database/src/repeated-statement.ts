import pg from 'pg';
import type { QueryConfig } from 'pg';
import { serialize } from 'pg-protocol';
import { valueMapper } from './driver-internals.js';
import type { ProtocolConnection } from './driver-internals.js';

const EXECUTE = serialize.execute();
const SYNC = serialize.sync();
// Unnamed: after an earlier error a named COMMIT would stay unparsed, but pg would believe that it is prepared.
const COMMIT = [serialize.parse({ text: 'COMMIT' }), serialize.bind(), EXECUTE];

/**
 * Executes one named statement for many sets of values: one Parse, a Bind and an Execute per set, and one Sync, in one buffer.
 * Costs a third of separate queries, on client and server. Returns no rows. With `thenCommit` a COMMIT follows in the same
 * buffer; it is skipped when a set fails, and `tag` is its command tag.
 */
export class RepeatedStatement extends pg.Query {
  /** The command tag of the last completed command, such as `INSERT 0 1` or `COMMIT`. */
  tag = '';

  constructor(
    private readonly statement: QueryConfig & { name: string },
    private readonly sets: readonly unknown[][],
    private readonly thenCommit = false,
  ) {
    super({ ...statement, values: sets[0] as never[] });
  }

  /** Called by pg's `submit`, in place of its own Parse, Bind, Describe, Execute, Sync. */
  prepare(connection: ProtocolConnection): void {
    const { name, text } = this.statement;
    const messages: Buffer[] = [];
    if (connection.parsedStatements[name] === undefined && connection.submittedNamedStatements[name] === undefined) {
      messages.push(serialize.parse({ name, text }));
      connection.submittedNamedStatements[name] = text;
    }
    for (const values of this.sets) {
      messages.push(serialize.bind({ statement: name, values, valueMapper }), EXECUTE);
    }
    if (this.thenCommit) messages.push(...COMMIT);
    messages.push(SYNC);
    connection.stream.write(Buffer.concat(messages));
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.tag = text;
  }

  handleDataRow(): void {}
}
