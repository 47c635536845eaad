import { UnitOfWork } from '@nestbox/database';
import { DomainError, Repeater } from '@nestbox/kernel';
import { PauseSwitch } from '@nestbox/messaging';
import type { OutboxPause } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import type { Authorship } from '../audit/audit.js';
import { BoundHandlers } from '../handler/handler-discovery.js';

const PAUSES = `SELECT kind, name, since, actor, reason FROM nestbox.pauses ORDER BY since`;
const PAUSE = `INSERT INTO nestbox.pauses (kind, name, actor, reason) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING RETURNING kind`;
const RESUME = `DELETE FROM nestbox.pauses WHERE kind = $1 AND name = $2 RETURNING kind`;

export class ConsumerUnknown extends DomainError {
  readonly code = 'CONSUMER_UNKNOWN';
  override readonly kind = 'missing';
  constructor(kind: 'group' | 'handler', name: string, known: readonly string[]) {
    super(`This app has no ${kind} "${name}"${known.length > 0 ? `, only ${known.join(', ')}` : ''}.`);
  }
}

/** What can be paused: the outbox of a context, one of its consumer groups, or one handler. */
export type Pausable = { readonly kind: 'outbox' } | { readonly kind: 'group' | 'handler'; readonly name: string };

export interface Pause extends Authorship {
  readonly kind: Pausable['kind'];
  /** Empty for the outbox. */
  readonly name: string;
  readonly since: Date;
}

/** How late a process notices a pause that was set in another process. */
const READ_EVERY_MS = 500;

/**
 * What operators have paused. Stored in the context's database, so it applies to all processes and survives restarts. A pause
 * loses nothing: rows wait in the outbox, records on the broker.
 */
@Injectable()
export class Pauses implements OutboxPause, BeforeApplicationShutdown {
  private paused: ReadonlySet<string> | undefined;
  private reading: Promise<void> | undefined;
  // While the database is down, the last known pauses apply.
  private readonly refreshing = new Repeater(READ_EVERY_MS, () => this.read().catch(() => undefined));

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(PauseSwitch) outbox: PauseSwitch,
  ) {
    outbox.follow(this);
  }

  /** Resolves when the pauses are known. Call it before starting work. Rejects while the database is down. */
  async settle(): Promise<void> {
    if (this.paused !== undefined) return;
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    await this.reading;
    this.refreshing.start();
  }

  /** At most half a second stale. Before the first read everything counts as paused. */
  isPaused(what: Pausable): boolean {
    return this.paused === undefined || this.paused.has(keyOf(what));
  }

  isOutboxPaused(): boolean {
    return this.isPaused({ kind: 'outbox' });
  }

  /** True also when the handler's group is paused. */
  isHandlerPaused(handler: { readonly id: string; readonly group: string }): boolean {
    return this.isPaused({ kind: 'handler', name: handler.id }) || this.isPaused({ kind: 'group', name: handler.group });
  }

  list(): Promise<Pause[]> {
    return this.dataSource.query(PAUSES);
  }

  /** False when it was paused already. Throws CONSUMER_UNKNOWN, so that a misspelt name is noticed. */
  async pause(what: Pausable, by: Authorship): Promise<boolean> {
    this.audit.refuseAnonymous(by);
    if (what.kind !== 'outbox') this.refuseUnknown(what.kind, what.name);
    return this.change('pause', what, by, [PAUSE, [what.kind, nameOf(what), by.actor, by.reason]]);
  }

  /** False when it was not paused. */
  async resume(what: Pausable, by: Authorship): Promise<boolean> {
    this.audit.refuseAnonymous(by);
    return this.change('resume', what, by, [RESUME, [what.kind, nameOf(what)]]);
  }

  beforeApplicationShutdown(): void {
    void this.refreshing.stop();
  }

  private async change(
    action: 'pause' | 'resume',
    what: Pausable,
    by: Authorship,
    [text, values]: [string, unknown[]],
  ): Promise<boolean> {
    const changed = await this.unitOfWork.run(async () => {
      const rows = await this.unitOfWork.query(text, values);
      if (rows.length > 0) await this.audit.write(action, by, [], what);
      return rows.length > 0;
    });
    await this.read();
    return changed;
  }

  private async read(): Promise<void> {
    this.paused = new Set((await this.list()).map(({ kind, name }) => `${kind} ${name}`));
  }

  private refuseUnknown(kind: 'group' | 'handler', name: string): void {
    const known = [...new Set(this.handlers.all.map(({ id, group }) => (kind === 'group' ? group : id)))];
    if (!known.includes(name)) throw new ConsumerUnknown(kind, name, known);
  }
}

function nameOf(what: Pausable): string {
  return what.kind === 'outbox' ? '' : what.name;
}

function keyOf(what: Pausable): string {
  return `${what.kind} ${nameOf(what)}`;
}
