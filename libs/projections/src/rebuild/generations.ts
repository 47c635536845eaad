import { Audit } from '@nestbox/consumer';
import type { BoundHandler, View } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export type GenerationKind = 'first' | 'rebuild' | 'version' | 'replay';
export type GenerationStatus = 'building' | 'live' | 'old' | 'done' | 'cancelled' | 'dropped';

export interface GenerationSettings {
  /** What a replay reads: offsets by `topic[partition]`, `to` exclusive. */
  readonly range?: Readonly<Record<string, { readonly from: string; readonly to: string }>>;
  /** Share of the time that building may use while live events arrive, 0 to 1. */
  readonly share?: number;
  /** Go live although events were parked while building; they stay parked. */
  readonly acceptParked?: boolean;
}

/** One set of a projection's tables, and its history. */
export interface Generation {
  readonly id: number;
  readonly projection: string;
  readonly version: number;
  readonly kind: GenerationKind;
  readonly status: GenerationStatus;
  readonly tables: readonly string[];
  readonly settings: GenerationSettings;
  /** Why it makes no progress; null while it does. */
  readonly problem: string | null;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Where a handler's events go: the live tables, a generation being built, or nowhere because a newer version is live. */
export type Target = 'live' | 'superseded' | Generation;

export type RebuildableProjection = BoundHandler & { readonly view: View };

const COLUMNS = `id, projection, version, kind, status, tables, settings, problem, actor, reason,
  created_at AS "createdAt", ended_at AS "endedAt"`;

/** The rows of nestbox.generations. */
@Injectable()
export class Generations {
  private readonly targets = new Map<string, Target>();

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Audit) private readonly audit: Audit,
  ) {}

  /** Cached. A stale entry is safe: the write transaction checks again (NB002). */
  async targetOf(handler: RebuildableProjection): Promise<Target> {
    const known = this.targets.get(handler.id);
    if (known) return known;
    const target = await this.lookUp(handler);
    this.targets.set(handler.id, target);
    return target;
  }

  forget(projection: string): void {
    this.targets.delete(projection);
  }

  list(status?: GenerationStatus): Promise<Generation[]> {
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM nestbox.generations WHERE $1::text IS NULL OR status = $1 ORDER BY id`,
      [status ?? null],
    );
  }

  async get(id: number): Promise<Generation | undefined> {
    const [found] = await this.dataSource.query<Generation[]>(`SELECT ${COLUMNS} FROM nestbox.generations WHERE id = $1`, [id]);
    return found;
  }

  async note(id: number, problem: string | null): Promise<void> {
    await this.dataSource.query(
      'UPDATE nestbox.generations SET problem = $2 WHERE id = $1 AND problem IS DISTINCT FROM $2',
      [id, problem],
    );
  }

  /** Starts a generation and creates its stage. Undefined while another one of the projection is being built. */
  async open(
    handler: RebuildableProjection,
    kind: GenerationKind,
    { settings = {}, actor, reason }: { settings?: GenerationSettings; actor: string; reason: string },
  ): Promise<Generation | undefined> {
    const { id, view } = handler;
    return this.unitOfWork.runNew(async () => {
      // Tables that existed before the first rebuild count as the first generation, of version 1.
      await this.unitOfWork.query(
        `INSERT INTO nestbox.generations (projection, version, kind, status, tables, actor, reason)
         VALUES ($1, 1, 'first', 'live', $2, 'nestbox', 'the tables as migrated') ON CONFLICT DO NOTHING`,
        [id, view.tables],
      );
      const [opened] = await this.unitOfWork.query<Generation>(
        `INSERT INTO nestbox.generations (projection, version, kind, status, tables, settings, actor, reason)
         VALUES ($1, $2, $3, 'building', $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
        [id, view.version, kind, view.tables, JSON.stringify(settings), actor, reason],
      );
      if (!opened) return undefined;
      await this.unitOfWork.query('SELECT nestbox.open_stage($1)', [opened.id]);
      if (kind === 'rebuild' || kind === 'replay') {
        await this.audit.write(kind, { actor, reason }, [], { projection: id, generation: opened.id, ...settings });
      }
      return opened;
    });
  }

  private async lookUp(handler: RebuildableProjection): Promise<Target> {
    const { id, view } = handler;
    const known = await this.dataSource.query<Generation[]>(
      `SELECT ${COLUMNS} FROM nestbox.generations WHERE projection = $1 AND status IN ('live', 'building')`,
      [id],
    );
    const live = known.find(({ status }) => status === 'live')?.version ?? 1;
    if (live === view.version) return 'live';
    if (live > view.version) return 'superseded';
    const building = known.find(({ status }) => status === 'building');
    if (building?.kind === 'version' && building.version === view.version) return building;
    const opened = building
      ? undefined
      : await this.open(handler, 'version', { actor: 'nestbox', reason: `version ${view.version} of the code` });
    if (opened) return opened;
    throw new Error(`Another generation of ${id} is being built: version ${view.version} has to wait until it is done or cancelled.`);
  }
}

/** The name under which a generation being built claims and parks events. */
export function inboxNameOf({ projection, id }: Generation): string {
  return `${projection}@g${id}`;
}

export function stageOf({ id }: Generation): string {
  return `nestbox_g${id}`;
}
