import type { Writable } from 'node:stream';
import type { PoolClient, QueryConfig } from 'pg';
import { canRepeat, protocolOf } from './driver-internals.js';
import { RepeatedStatement } from './repeated-statement.js';

/** A statement in pg's form. With a `name` it is prepared once per connection: use one for frequent statements. */
export type Statement = QueryConfig & { rowMode?: 'array' };

/**
 * A connection that sends statements in the order of the calls without waiting for answers. Statements of one turn of the
 * event loop share a packet, and neighbours of the same name become one RepeatedStatement.
 */
export class Pipeline {
  private readonly writes: Promise<unknown>[] = [];
  private gathered: { statement: Statement & { name: string }; sets: unknown[][] } | undefined;
  private corked = false;
  private readonly repeats: boolean;
  private readonly stream: Writable | undefined;
  private readonly send: (...args: unknown[]) => unknown;

  constructor(readonly client: PoolClient) {
    this.repeats = canRepeat(client);
    this.stream = protocolOf(client)?.stream;
    const send = client.query.bind(client) as (...args: unknown[]) => unknown;
    this.send = (...args) => {
      this.cork();
      return send(...args);
    };
    // Direct queries on the client, such as TypeORM's, are sent after the gathered statements.
    client.query = ((...args: unknown[]) => {
      this.submitGathered();
      return this.send(...args);
    }) as typeof client.query;
  }

  /** Sends without waiting; `firstFailure` reports failures. */
  write(statement: Statement): void {
    const { name, values = [] } = statement;
    if (name === undefined || !this.repeats) {
      this.track(this.client.query(statement));
    } else if (this.gathered?.statement.name === name) {
      this.gathered.sets.push(values);
    } else {
      this.submitGathered();
      this.gathered = { statement: { ...statement, name }, sets: [values] };
      process.nextTick(() => this.submitGathered());
    }
  }

  /** Waits for all answers so far, and returns the first error. */
  async firstFailure(): Promise<Error | undefined> {
    this.submitGathered();
    for (const write of this.writes) {
      const failure = await write.then(
        () => undefined,
        (error: Error) => error,
      );
      if (failure) return failure;
    }
    return undefined;
  }

  /** Sends COMMIT, together with the gathered statement if there is one. Returns the command tag of the answer. */
  async commit(): Promise<string> {
    if (!this.gathered) return (await this.client.query({ text: 'COMMIT' })).command;
    return this.submit(true);
  }

  /** Restores the connection. */
  leave(): void {
    this.submitGathered();
    delete (this.client as { query?: unknown }).query;
  }

  private submitGathered(): void {
    if (this.gathered) this.track(this.submit(false));
  }

  private submit(thenCommit: boolean): Promise<string> {
    const { statement, sets } = this.gathered!;
    this.gathered = undefined;
    const repeated = new RepeatedStatement(statement, sets, thenCommit);
    return new Promise((resolve, reject) => {
      this.send(repeated, (error: Error | null) => (error ? reject(error) : resolve(repeated.tag)));
    });
  }

  private track(answer: Promise<unknown>): void {
    answer.catch(() => undefined);
    this.writes.push(answer);
  }

  private cork(): void {
    const { stream } = this;
    if (this.corked || !stream) return;
    this.corked = true;
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      stream.uncork();
    });
  }
}
