import pg from 'pg';

/**
 * A connection whose loss never ends the process. Between a pool's handing out a new connection and its taker's listening
 * to it nobody hears an error, and PostgreSQL can say goodbye in the very packet that says welcome.
 */
export class SteadyClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    // Whoever uses the connection next is told by the query that fails.
    this.on('error', () => undefined);
  }
}
