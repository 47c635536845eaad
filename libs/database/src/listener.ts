import { backOff, RECONNECT, Sleeper } from '@nestbox/kernel';
import pg from 'pg';

/** Probe interval: a half-open connection never reports an error by itself. */
const PROBE_MS = 10_000;

/** Callbacks of a listener. */
export interface ListenerEvents {
  heard(payload: string): void;
  /** The connection was down: notifications may have been lost. */
  missed(): void;
}

/** A connection that LISTENs to one channel and reconnects after every loss. */
export class Listener {
  private closed = false;
  private failures = 0;
  private readonly pause = new Sleeper();
  private finished: Promise<void> | undefined;

  constructor(
    private readonly options: pg.ClientConfig,
    private readonly channel: string,
    private readonly events: ListenerEvents,
  ) {}

  start(): void {
    this.finished ??= this.run();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.pause.wake();
    await this.finished;
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      const client = new pg.Client({ ...this.options, query_timeout: 5_000 });
      try {
        await this.listen(client);
      } catch {
        this.failures++;
      } finally {
        await client.end().catch(() => undefined);
      }
      if (!this.closed) await this.pause.sleep(backOff(this.failures, RECONNECT));
    }
  }

  /** Rejects when the connection is lost; resolves when the listener is closed. */
  private async listen(client: pg.Client): Promise<void> {
    let broken: Error | undefined;
    const fail = (error?: Error): void => {
      broken = error ?? new Error('The listening connection ended.');
      this.pause.wake();
    };
    client.on('error', fail);
    client.on('end', () => fail());
    client.on('notification', ({ payload }) => this.events.heard(payload ?? ''));
    await client.connect();
    await client.query(`LISTEN ${this.channel}`);
    this.failures = 0;
    this.events.missed();
    while (!this.closed && !broken) {
      await this.pause.sleep(PROBE_MS);
      if (!this.closed && !broken) await client.query('SELECT 1');
    }
    if (broken) throw broken;
  }
}
