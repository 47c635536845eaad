import type { Writable } from 'node:stream';
import type { PoolClient, QueryConfig } from 'pg';
import { canRepeat, encodingOf } from './pg-internals.js';
import { RepeatedStatement } from './repeated-statement.js';

/** A statement in pg's own form. Give it a `name` when it is issued often: it is then prepared once per connection. */
export type Statement = QueryConfig & { rowMode?: 'array' };

/**
 * A connection on which statements are sent without waiting for each other's answers, in the order of the calls. What
 * is sent in one turn of the event loop is one packet, and neighbours of the same name are one RepeatedStatement.
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
    this.stream = encodingOf(client)?.stream;
    const send = client.query.bind(client) as (...args: unknown[]) => unknown;
    this.send = (...args) => {
      this.cork();
      return send(...args);
    };
    // Whoever uses the connection next, TypeORM included, comes after what has been gathered.
    client.query = ((...args: unknown[]) => {
      this.submitGathered();
      return this.send(...args);
    }) as typeof client.query;
  }

  /** Sends without waiting; whether it failed is known from `firstFailure`. */
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

  /** Waits until every write so far is answered. */
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

  /** Sends COMMIT, in one with the statement before it where that can be, and returns the tag of the answer. */
  async commit(): Promise<string> {
    if (!this.gathered) return (await this.client.query({ text: 'COMMIT' })).command;
    return this.submit(true);
  }

  /** Gives the connection back as it was. */
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
