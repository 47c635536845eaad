import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@nestbox/database';
import { fingerprint } from '../domain/schema.js';
import type { NewSchema, RegisteredSchema, SubjectVersion } from '../domain/schema.js';
import * as sql from './schemas.sql.js';

export interface SettingsRow {
  readonly subject: string;
  readonly level: string | null;
  readonly mode: string | null;
}

type Row<T> = T & Record<string, unknown>;

/** Stores subjects, versions and schemas. Every method joins the running unit of work. */
@Injectable()
export class SchemaStore {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  inTransaction<T>(work: () => Promise<T>): Promise<T> {
    return this.unitOfWork.run(work);
  }

  /** Locks the subject until the transaction ends. */
  async lock(subject: string): Promise<void> {
    await this.unitOfWork.query(sql.LOCK_SUBJECT, [subject]);
  }

  async byId(id: number): Promise<RegisteredSchema | undefined> {
    return (await this.read<RegisteredSchema>(sql.BY_ID, [id]))[0];
  }

  /** Oldest first, including deleted ones. */
  versions(subject: string): Promise<SubjectVersion[]> {
    return this.read(sql.OF_SUBJECT, [subject]);
  }

  versionsOf(id: number, deletedToo: boolean): Promise<SubjectVersion[]> {
    return this.read(sql.OF_SCHEMA, [id, deletedToo]);
  }

  all(prefix: string, deletedToo: boolean): Promise<SubjectVersion[]> {
    return this.read(sql.ALL, [prefix, deletedToo]);
  }

  async subjects(prefix: string, deletedToo: boolean): Promise<string[]> {
    return (await this.read<{ subject: string }>(sql.SUBJECTS, [prefix, deletedToo])).map(({ subject }) => subject);
  }

  /** Returns the schema's id. A new schema gets the given id, or the next one. */
  async keep(schema: NewSchema, id?: number): Promise<number> {
    const { format, text, references } = schema;
    const values = [format, text, JSON.stringify(references), fingerprint(schema)];
    if (id === undefined) return (await this.read<{ id: number }>(sql.KEEP_SCHEMA, values))[0]!.id;
    const [kept] = await this.read<{ id: number }>(sql.IMPORT_SCHEMA, [...values, id]);
    await this.unitOfWork.query(sql.AFTER_IMPORT);
    return kept!.id;
  }

  /** False when the version is another schema's. */
  async addVersion(subject: string, version: number, schemaId: number): Promise<boolean> {
    return (await this.read(sql.ADD_VERSION, [subject, version, schemaId])).length > 0;
  }

  async maxId(): Promise<number> {
    return (await this.read<{ id: number }>(sql.MAX_ID, []))[0]!.id;
  }

  async remove(subject: string, versions: readonly number[], permanently: boolean): Promise<void> {
    await this.unitOfWork.query(permanently ? sql.HARD_DELETE : sql.SOFT_DELETE, [subject, versions]);
  }

  /** Ids of schemas in use that refer to this version. */
  async referencing(subject: string, version: number): Promise<number[]> {
    return (await this.read<{ id: number }>(sql.REFERENCING, [subject, version])).map(({ id }) => id);
  }

  /** The registry's row, and the subject's if there is one. */
  settings(subject: string): Promise<SettingsRow[]> {
    return this.read(sql.SETTINGS, [subject]);
  }

  async setLevel(subject: string, level: string | null): Promise<void> {
    await this.unitOfWork.run(() => this.unitOfWork.query(sql.SET_LEVEL, [subject, level]));
  }

  async setMode(subject: string, mode: string | null): Promise<void> {
    await this.unitOfWork.run(() => this.unitOfWork.query(sql.SET_MODE, [subject, mode]));
  }

  private read<T>(text: string, values: unknown[]): Promise<T[]> {
    return this.unitOfWork.run(() => this.unitOfWork.query<Row<T>>(text, values));
  }
}
