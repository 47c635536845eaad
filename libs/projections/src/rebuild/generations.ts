import { Audit } from '@nestbox/consumer';
import type { BoundHandler, View } from '@nestbox/consumer';
import { UnitOfWork } from '@nestbox/database';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export type GenerationKind = 'first' | 'rebuild' | 'version' | 'replay';
export type GenerationStatus = 'building' | 'live' | 'old' | 'done' | 'cancelled' | 'dropped';

export interface GenerationSettings {
  /** A replay's part of each partition: offsets by `topic[partition]`, `to` being the first that is left out. */
  readonly range?: Readonly<Record<string, { readonly from: string; readonly to: string }>>;
  /** How much of the time the building may take while live events come in, 0 to 1. */
  readonly share?: number;
  /** Go live although the building has parked events: they come along. */
  readonly acceptParked?: boolean;
}

/** One set of a projection's tables, and what was done with it. */
export interface Generation {
  readonly id: number;
  readonly projection: string;
  readonly version: number;
  readonly kind: GenerationKind;
  readonly status: GenerationStatus;
  readonly tables: readonly string[];
  readonly settings: GenerationSettings;
  /** Why it is not going on; null while it is. */
  readonly problem: string | null;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Where a handler's events go: into the live tables, into a generation being built, or nowhere, a newer version being live. */
export type Place = 'live' | 'superseded' | Generation;

export type RebuildableProjection = BoundHandler & { readonly view: View };

const COLUMNS = `id, projection, version, kind, status, tables, settings, problem, actor, reason,
  created_at AS "createdAt", ended_at AS "endedAt"`;

/** What stands in nestbox.generations. */
@Injectable()
export class Generations {
  private readonly places = new Map<string, Place>();

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Audit) private readonly audit: Audit,
  ) {}

  /** Kept until `forget`: whoever writes at a place finds out, in the same transaction, when it is not the right one any more. */
  async placeOf(handler: RebuildableProjection): Promise<Place> {
    const known = this.places.get(handler.id);
    if (known) return known;
    const place = await this.lookUp(handler);
    this.places.set(handler.id, place);
    return place;
  }

  forget(projection: string): void {
    this.places.delete(projection);
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

  /** Begins one, its stage ready. Undefined when another of the projection is being built. */
  async open(
    handler: RebuildableProjection,
    kind: GenerationKind,
    { settings = {}, actor, reason }: { settings?: GenerationSettings; actor: string; reason: string },
  ): Promise<Generation | undefined> {
    const { id, view } = handler;
    return this.unitOfWork.runNew(async () => {
      // What was there before anybody counted is the first generation, written by the first version of the code.
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

  private async lookUp(handler: RebuildableProjection): Promise<Place> {
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
    throw new Error(`${id} is being built otherwise: version ${view.version} has to wait until that is done or cancelled.`);
  }
}

/** Under this name a generation being built claims events, and parks them. */
export function inboxNameOf({ projection, id }: Generation): string {
  return `${projection}@g${id}`;
}

export function stageOf({ id }: Generation): string {
  return `nestbox_g${id}`;
}
