import { Injectable } from '@nestjs/common';
import { isLevel } from '@nestbox/schema';
import type { COMPATIBILITY_LEVELS } from '@nestbox/schema';
import { invalidLevel, invalidMode, noSubjectLevel, noSubjectMode, notPermitted } from '../domain/registry.errors.js';
import { SchemaStore } from '../persistence/schema-store.js';

export type Level = (typeof COMPATIBILITY_LEVELS)[number];
const MODES = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT'];

/** Level and mode of a subject; the empty subject is the whole registry. */
@Injectable()
export class Settings {
  constructor(private readonly schemas: SchemaStore) {}

  /** Throws 40408 for a subject without its own level, unless `orGlobal` allows the registry's. */
  async level(subject: string, orGlobal: boolean): Promise<Level> {
    const { own, global } = await this.rows(subject);
    if (own?.level) return own.level as Level;
    if (subject !== '' && !orGlobal) throw noSubjectLevel(subject);
    return (global?.level ?? 'BACKWARD') as Level;
  }

  async setLevel(subject: string, level: unknown): Promise<Level> {
    const wanted = String(level).toUpperCase();
    if (!isLevel(wanted)) throw invalidLevel();
    await this.schemas.setLevel(subject, wanted);
    return wanted;
  }

  /** Returns the previous level. */
  async unsetLevel(subject: string): Promise<Level> {
    const before = await this.level(subject, false);
    await this.schemas.setLevel(subject, subject === '' ? 'BACKWARD' : null);
    return before;
  }

  async mode(subject: string, orGlobal: boolean): Promise<string> {
    const { own, global } = await this.rows(subject);
    if (own?.mode) return own.mode;
    if (subject !== '' && !orGlobal) throw noSubjectMode(subject);
    return global?.mode ?? 'READWRITE';
  }

  /** Import mode gives out ids that may be others' here, so a subject that has schemas needs `force`. Throws 42204 or 42205. */
  async setMode(subject: string, mode: unknown, force: boolean): Promise<string> {
    const wanted = String(mode).toUpperCase();
    if (!MODES.includes(wanted)) throw invalidMode();
    if (wanted === 'IMPORT' && !force && (await this.mode(subject, true)) !== 'IMPORT' && (await this.hasSchemas(subject))) {
      throw notPermitted('Cannot import since found existing subjects: send force=true');
    }
    await this.schemas.setMode(subject, wanted);
    return wanted;
  }

  async unsetMode(subject: string): Promise<string> {
    const before = await this.mode(subject, false);
    await this.schemas.setMode(subject, subject === '' ? 'READWRITE' : null);
    return before;
  }

  /** Throws 42205 when the subject is read-only. */
  async requireWritable(subject: string): Promise<string> {
    const mode = await this.mode(subject, true);
    if (mode.startsWith('READONLY')) throw notPermitted(`Subject ${subject} is in read-only mode`);
    return mode;
  }

  private async hasSchemas(subject: string): Promise<boolean> {
    if (subject === '') return (await this.schemas.subjects('', false)).length > 0;
    return (await this.schemas.versions(subject)).some(({ deleted }) => !deleted);
  }

  private async rows(subject: string) {
    const rows = await this.schemas.settings(subject);
    return { own: rows.find((row) => row.subject === subject), global: rows.find((row) => row.subject === '') };
  }
}
