import pg from 'pg';
import { isTracing } from '@nestbox/telemetry';
import { endStatement, statementSpan } from './statement-span.js';

type Query = (...args: unknown[]) => unknown;

/**
 * A connection whose loss never ends the process, and whose statements appear in traces. Without it an error is unhandled
 * between the pool's handing out a new connection and the user's adding a listener; PostgreSQL can close a connection in the
 * packet that opens it.
 */
export class SteadyClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    // The next query on the connection fails and reports the error.
    this.on('error', () => undefined);
  }

  /** Like pg's `query`: with a promise, a callback or neither. */
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
