import { randomBytes } from 'node:crypto';
import { Inbox } from '@nestbox/consumer';
import { Listener } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';

const CHANNEL = 'nestbox_applied';
/** At most one NOTIFY per this many ms: it takes a lock that serialises commits, so it must stay rare. */
const NOTIFY_GAP_MS = 5;
/** So long after the last word of a waiting process others tell it of every commit. */
const INTEREST_MS = 3_000;
/** PostgreSQL takes payloads below 8 000 bytes. */
const MOST_IDS = 150;

type Hear = (handler: string, eventIds: readonly string[]) => void;

/**
 * Tells those who wait that a handler has committed its claims: in this process at once; in others, and only while one of
 * them says that it waits, by a NOTIFY outside the handler's transaction. Lost signals do no harm: who waits also looks.
 */
@Injectable()
export class CommitNotifier implements OnModuleDestroy {
  private readonly me = randomBytes(4).toString('hex');
  private listener: Listener | undefined;
  private hear: Hear = () => undefined;
  private look: () => void = () => undefined;
  private othersWaitUntil = 0;
  private untold = new Map<string, string[]>();
  private telling = false;
  private closed = false;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Inbox) inbox: Inbox,
  ) {
    inbox.onClaimed((handler, eventIds) => this.applied(handler, eventIds));
  }

  /** `hear` learns of events that were claimed here or elsewhere, `look` that anything may have happened. */
  connect(hear: Hear, look: () => void): void {
    this.hear = hear;
    this.look = look;
    this.listen();
  }

  /** After the commit of claims. */
  applied(handler: string, eventIds: readonly string[]): void {
    this.listen();
    this.hear(handler, eventIds);
    if (performance.now() < this.othersWaitUntil) this.tell(handler, eventIds);
  }

  /** Somebody in this process waits; to be said again and again while that is so. */
  async waiting(): Promise<void> {
    await this.notify(`waiting ${this.me}`);
  }

  async onModuleDestroy(): Promise<void> {
    // Handlers end later than this, and tell of what they commit.
    this.closed = true;
    await this.listener?.close();
  }

  private listen(): void {
    if (this.listener || this.closed) return;
    const { url, applicationName } = this.dataSource.options as { url?: string; applicationName?: string };
    const options = {
      connectionString: url,
      application_name: applicationName && `${applicationName} listening`,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    };
    this.listener = new Listener(options, CHANNEL, { heard: (payload) => this.heard(payload), missed: () => this.look() });
    this.listener.start();
  }

  private heard(payload: string): void {
    const [kind, from, handler, ids] = payload.split(' ');
    if (from === this.me) return;
    if (kind === 'applied' && handler && ids) this.hear(handler, ids.split(','));
    else if (kind === 'waiting') this.othersWait();
    else this.look();
  }

  private othersWait(): void {
    const isNew = performance.now() >= this.othersWaitUntil;
    this.othersWaitUntil = performance.now() + INTEREST_MS;
    // What was committed before this moment, and after they looked, they learn of by looking again.
    if (isNew) void this.notify(`look ${this.me}`);
  }

  private tell(handler: string, eventIds: readonly string[]): void {
    const untold = this.untold.get(handler);
    if (untold) untold.push(...eventIds);
    else this.untold.set(handler, [...eventIds]);
    if (!this.telling) void this.tellAll();
  }

  private async tellAll(): Promise<void> {
    this.telling = true;
    while (this.untold.size > 0) {
      const untold = this.untold;
      this.untold = new Map();
      for (const [handler, ids] of untold) {
        const named = ids.length <= MOST_IDS ? `applied ${this.me} ${handler} ${ids.join(',')}` : `look ${this.me}`;
        await this.notify(named);
      }
      await new Promise((resolve) => setTimeout(resolve, NOTIFY_GAP_MS));
    }
    this.telling = false;
  }

  private async notify(payload: string): Promise<void> {
    await this.dataSource.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch(() => undefined);
  }
}
