import { randomBytes } from 'node:crypto';
import { Inbox } from '@nestbox/consumer';
import { connectionTo, Listener } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';

const CHANNEL = 'nestbox_applied';
/** At most one NOTIFY per this many ms: it takes a lock that serialises commits, so it must stay rare. */
const NOTIFY_GAP_MS = 5;
/** Other processes announce their commits for this many ms after the last `waiting` message of a process. */
const INTEREST_MS = 3_000;
/** PostgreSQL limits a NOTIFY payload to 8 000 bytes. */
const MOST_IDS = 150;

type OnApplied = (handler: string, eventIds: readonly string[]) => void;

/**
 * Signals that a handler has committed its claims: in this process directly; to other processes, and only while one of
 * them waits, by a NOTIFY outside the handler's transaction. A lost signal is harmless: waiters also poll.
 */
@Injectable()
export class CommitNotifier implements OnModuleDestroy {
  private readonly me = randomBytes(4).toString('hex');
  private listener: Listener | undefined;
  private onApplied: OnApplied = () => undefined;
  private onUnknown: () => void = () => undefined;
  private othersWaitUntil = 0;
  private unsent = new Map<string, string[]>();
  private sending = false;
  private closed = false;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Inbox) inbox: Inbox,
  ) {
    inbox.onClaimed((handler, eventIds) => this.applied(handler, eventIds));
  }

  /** `onApplied` gets the events that were claimed here or elsewhere; `onUnknown` says that signals may have been lost. */
  connect(onApplied: OnApplied, onUnknown: () => void): void {
    this.onApplied = onApplied;
    this.onUnknown = onUnknown;
    this.listen();
  }

  /** Call it after the claims are committed. */
  applied(handler: string, eventIds: readonly string[]): void {
    this.listen();
    this.onApplied(handler, eventIds);
    if (performance.now() < this.othersWaitUntil) this.announce(handler, eventIds);
  }

  /** Announces that this process waits. Call it repeatedly, more often than every 3 s, while it does. */
  async waiting(): Promise<void> {
    await this.notify(`waiting ${this.me}`);
  }

  async onModuleDestroy(): Promise<void> {
    // Handlers stop later than this and still signal their commits: those must not open the listener again.
    this.closed = true;
    await this.listener?.close();
  }

  private listen(): void {
    if (this.listener || this.closed) return;
    const { url, applicationName } = this.dataSource.options as { url?: string; applicationName?: string };
    const options = connectionTo(url!, { application_name: applicationName && `${applicationName} listening` });
    this.listener = new Listener(options, CHANNEL, { heard: (payload) => this.heard(payload), missed: () => this.onUnknown() });
    this.listener.start();
  }

  private heard(payload: string): void {
    const [kind, from, handler, ids] = payload.split(' ');
    if (from === this.me) return;
    if (kind === 'applied' && handler && ids) this.onApplied(handler, ids.split(','));
    else if (kind === 'waiting') this.othersWait();
    else this.onUnknown();
  }

  private othersWait(): void {
    const isNew = performance.now() >= this.othersWaitUntil;
    this.othersWaitUntil = performance.now() + INTEREST_MS;
    // They may have missed commits between their last query and now, so they query again.
    if (isNew) void this.notify(`look ${this.me}`);
  }

  private announce(handler: string, eventIds: readonly string[]): void {
    const unsent = this.unsent.get(handler);
    if (unsent) unsent.push(...eventIds);
    else this.unsent.set(handler, [...eventIds]);
    if (!this.sending) void this.sendAll();
  }

  private async sendAll(): Promise<void> {
    this.sending = true;
    while (this.unsent.size > 0) {
      const unsent = this.unsent;
      this.unsent = new Map();
      for (const [handler, ids] of unsent) {
        const named = ids.length <= MOST_IDS ? `applied ${this.me} ${handler} ${ids.join(',')}` : `look ${this.me}`;
        await this.notify(named);
      }
      await new Promise((resolve) => setTimeout(resolve, NOTIFY_GAP_MS));
    }
    this.sending = false;
  }

  private async notify(payload: string): Promise<void> {
    await this.dataSource.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch(() => undefined);
  }
}
