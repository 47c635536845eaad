import { Injectable } from '@nestjs/common';
import * as errors from '../domain/registry.errors.js';
import { SchemaStore } from '../persistence/schema-store.js';
import { Settings } from './settings.js';

/** Deletes in two steps: first softly, so that readers of old records can still resolve ids, then permanently. */
@Injectable()
export class Removal {
  constructor(
    private readonly schemas: SchemaStore,
    private readonly settings: Settings,
  ) {}

  /** Returns the deleted versions. */
  removeSubject(subject: string, permanently: boolean): Promise<number[]> {
    return this.schemas.inTransaction(async () => {
      await this.settings.requireWritable(subject);
      const versions = await this.locked(subject);
      const live = versions.filter(({ deleted }) => !deleted);
      if (permanently && live.length > 0) throw errors.subjectNotSoftDeleted(subject);
      if (!permanently && live.length === 0) throw errors.subjectSoftDeleted(subject);
      const numbers = (permanently ? versions : live).map(({ version }) => version);
      for (const number of numbers) await this.requireUnreferenced(subject, number);
      await this.schemas.remove(subject, numbers, permanently);
      if (permanently) await this.forgetSettings(subject);
      return numbers;
    });
  }

  removeVersion(subject: string, number: number | 'latest', permanently: boolean): Promise<number> {
    return this.schemas.inTransaction(async () => {
      await this.settings.requireWritable(subject);
      const versions = await this.locked(subject);
      const latest = versions.filter(({ deleted }) => !deleted).at(-1);
      const found = number === 'latest' ? latest : versions.find(({ version }) => version === number);
      if (!found) throw errors.versionNotFound(number);
      if (!permanently && found.deleted) throw errors.versionSoftDeleted(subject, found.version);
      if (permanently && !found.deleted) throw errors.versionNotSoftDeleted(subject, found.version);
      await this.requireUnreferenced(subject, found.version);
      await this.schemas.remove(subject, [found.version], permanently);
      return found.version;
    });
  }

  private async locked(subject: string) {
    if ((await this.schemas.versions(subject)).length === 0) throw errors.subjectNotFound(subject);
    await this.schemas.lock(subject);
    return this.schemas.versions(subject);
  }

  private async requireUnreferenced(subject: string, version: number): Promise<void> {
    const users = await this.schemas.referencing(subject, version);
    if (users.length > 0) throw errors.referenced(`{subject=${subject}, version=${version}}`);
  }

  private async forgetSettings(subject: string): Promise<void> {
    await this.schemas.setLevel(subject, null);
    await this.schemas.setMode(subject, null);
  }
}
