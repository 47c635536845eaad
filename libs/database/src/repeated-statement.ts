import pg from 'pg';
import type { QueryConfig } from 'pg';

/** How pg turns a JavaScript value into the text that PostgreSQL reads; exported by pg, left out of its types. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** The part of pg's connection that the extended protocol needs; pg does not publish it. */
interface Wire {
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: unknown[]; valueMapper: (value: unknown) => unknown }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
}

/**
 * One named statement executed for many sets of values: parsed once, then a Bind and an Execute for each set, and one
 * Sync for all. Costs a third of as many queries, on both sides of the wire. Answers nothing but success or failure.
 */
export class RepeatedStatement extends pg.Query {
  constructor(
    private readonly statement: QueryConfig & { name: string },
    private readonly sets: readonly unknown[][],
  ) {
    super({ ...statement, values: sets[0] as never[] });
  }

  /** Called by pg's `submit`, in place of its own Parse, Bind, Describe, Execute, Sync. */
  prepare(wire: Wire): void {
    const { name, text } = this.statement;
    if (wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined) {
      wire.parse({ name, text });
      wire.submittedNamedStatements[name] = text;
    }
    for (const values of this.sets) {
      wire.bind({ statement: name, values, valueMapper: prepareValue });
      wire.execute({ portal: '', rows: 0 });
    }
    wire.sync();
  }

  handleCommandComplete(): void {}
  handleDataRow(): void {}
}
