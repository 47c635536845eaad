import pg from 'pg';
import { isTracing } from '@nestbox/telemetry';
import { endStatement, statementSpan } from './statement-span.js';

type Query = (...args: unknown[]) => unknown;

/**
 * A connection whose loss never ends the process, and whose statements are part of the traces that are collected. Between
 * a pool's handing out a new connection and its taker's listening to it nobody hears an error, and PostgreSQL can say
 * goodbye in the very packet that says welcome.
 */
export class SteadyClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    // Whoever uses the connection next is told by the query that fails.
    this.on('error', () => undefined);
  }

  /** As pg has it, with promise, callback or neither. */
  override query(...args: never[]): never {
    if (!isTracing()) return (super.query as Query).apply(this, args) as never;
    return this.traced(super.query.bind(this) as Query, args) as never;
  }

  private traced(send: Query, args: readonly unknown[]): unknown {
    const span = statementSpan(args[0]);
    if (!span) return send(...args);
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      const traced = (error: unknown, ...rest: unknown[]) => {
        endStatement(span, error);
        callback(error, ...rest);
      };
      return send(...args.slice(0, -1), traced);
    }
    const answer = send(...args);
    if (answer instanceof Promise) answer.then(() => endStatement(span), (error: unknown) => endStatement(span, error));
    else endStatement(span);
    return answer;
  }
}
