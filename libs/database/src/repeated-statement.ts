import pg from 'pg';
import type { QueryConfig } from 'pg';
import { serialize } from 'pg-protocol';
import { valueMapper } from './pg-internals.js';
import type { Wire } from './pg-internals.js';

const EXECUTE = serialize.execute();
const SYNC = serialize.sync();
// Without a name: pg, which books what a connection knows, would not learn that an error before it left it unparsed.
const COMMIT = [serialize.parse({ text: 'COMMIT' }), serialize.bind(), EXECUTE];

/**
 * One named statement executed for many sets of values: parsed once, then a Bind and an Execute for each set, and one
 * Sync for all, in one buffer. Costs a third of as many queries, on both sides of the wire. Answers nothing but success
 * or failure; with `thenCommit` the COMMIT rides along, is left out when a set fails, and `tag` is its answer.
 */
export class RepeatedStatement extends pg.Query {
  /** Of the last command that was completed, such as `INSERT 0 1` or `COMMIT`. */
  tag = '';

  constructor(
    private readonly statement: QueryConfig & { name: string },
    private readonly sets: readonly unknown[][],
    private readonly thenCommit = false,
  ) {
    super({ ...statement, values: sets[0] as never[] });
  }

  /** Called by pg's `submit`, in place of its own Parse, Bind, Describe, Execute, Sync. */
  prepare(wire: Wire): void {
    const { name, text } = this.statement;
    const messages: Buffer[] = [];
    if (wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined) {
      messages.push(serialize.parse({ name, text }));
      wire.submittedNamedStatements[name] = text;
    }
    for (const values of this.sets) {
      messages.push(serialize.bind({ statement: name, values, valueMapper }), EXECUTE);
    }
    if (this.thenCommit) messages.push(...COMMIT);
    messages.push(SYNC);
    wire.stream.write(Buffer.concat(messages));
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.tag = text;
  }

  handleDataRow(): void {}
}
