import { UnitOfWork } from '@nestbox/database';
import { PauseSwitch } from '@nestbox/messaging';
import type { OutboxPause } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import type { Authorship } from '../audit/audit.js';
import { BoundHandlers } from '../handler/bound-handlers.js';
import { ConsumerUnknown } from './pause.errors.js';
import { PAUSE, PAUSES, RESUME } from './pauses.sql.js';

/** What can stand still: the outbox of a context, one of its consumer groups, or one handler. */
export type Pausable = { readonly kind: 'outbox' } | { readonly kind: 'group' | 'handler'; readonly name: string };

export interface Pause extends Authorship {
  readonly kind: Pausable['kind'];
  /** Empty for the outbox. */
  readonly name: string;
  readonly since: Date;
}

/** So soon at the latest a process acts on what was said in another one. */
const LOOK_EVERY_MS = 500;

/**
 * What operators have paused: kept in the database of the context, so that it holds for all of its processes and
 * through restarts. Nothing is lost meanwhile: rows wait in the outbox, records on the broker.
 */
@Injectable()
export class Pauses implements OutboxPause, BeforeApplicationShutdown {
  private paused: ReadonlySet<string> | undefined;
  private looking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(BoundHandlers) private readonly handlers: BoundHandlers,
    @Inject(Audit) private readonly audit: Audit,
    @Inject(PauseSwitch) outbox: PauseSwitch,
  ) {
    outbox.follow(this);
  }

  /** Resolves once it is known what is paused: whoever begins to work asks before. Rejects while the database is away. */
  async settle(): Promise<void> {
    if (this.paused !== undefined) return;
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    await this.looking;
    this.lookLater();
  }

  /** As of half a second ago at most; what is not known yet counts as paused. */
  isPaused(what: Pausable): boolean {
    return this.paused === undefined || this.paused.has(keyOf(what));
  }

  isOutboxPaused(): boolean {
    return this.isPaused({ kind: 'outbox' });
  }

  /** Its group counts too. */
  isHandlerPaused(handler: { readonly id: string; readonly group: string }): boolean {
    return (
      this.isPaused({ kind: 'handler', name: handler.id }) || this.isPaused({ kind: 'group', name: handler.group })
    );
  }

  list(): Promise<Pause[]> {
    return this.dataSource.query(PAUSES);
  }

  /** False when it was paused already. Throws CONSUMER_UNKNOWN: a pause of nothing would be believed and hold nothing. */
  async pause(what: Pausable, by: Authorship): Promise<boolean> {
    this.audit.refuseAnonymous(by);
    if (what.kind !== 'outbox' && !this.isBound(what))
      throw new ConsumerUnknown(what.kind, what.name, this.known(what.kind));
    return this.change('pause', what, by, [PAUSE, [what.kind, nameOf(what), by.actor, by.reason]]);
  }

  /** False when it was not paused. */
  async resume(what: Pausable, by: Authorship): Promise<boolean> {
    this.audit.refuseAnonymous(by);
    return this.change('resume', what, by, [RESUME, [what.kind, nameOf(what)]]);
  }

  beforeApplicationShutdown(): void {
    this.closed = true;
    clearTimeout(this.timer);
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
    await this.look();
    return changed;
  }

  private async look(): Promise<void> {
    this.paused = new Set((await this.list()).map(({ kind, name }) => `${kind} ${name}`));
  }

  private lookLater(): void {
    if (this.closed || this.timer) return;
    this.timer = setTimeout(() => {
      // While the database is away, what was known last holds.
      void this.look()
        .catch(() => undefined)
        .finally(() => {
          this.timer = undefined;
          this.lookLater();
        });
    }, LOOK_EVERY_MS);
  }

  private isBound({ kind, name }: { kind: 'group' | 'handler'; name: string }): boolean {
    return this.known(kind).includes(name);
  }

  private known(kind: 'group' | 'handler'): string[] {
    return [...new Set(this.handlers.all.map(({ id, group }) => (kind === 'group' ? group : id)))];
  }
}

function nameOf(what: Pausable): string {
  return what.kind === 'outbox' ? '' : what.name;
}

function keyOf(what: Pausable): string {
  return `${what.kind} ${nameOf(what)}`;
}
