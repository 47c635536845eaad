import { Injectable } from '@nestjs/common';
import { schemaNotFound, subjectNotFound, versionNotFound } from '../domain/registry.errors.js';
import type { RegisteredSchema, SubjectVersion } from '../domain/schema.js';
import { SchemaStore } from '../persistence/schema-store.js';

/** Reads registered subjects and schemas. */
@Injectable()
export class Subjects {
  constructor(private readonly schemas: SchemaStore) {}

  async names(prefix: string, deletedToo: boolean, deletedOnly: boolean): Promise<string[]> {
    const all = await this.schemas.subjects(prefix, deletedToo || deletedOnly);
    if (!deletedOnly) return all;
    const live = new Set(await this.schemas.subjects(prefix, false));
    return all.filter((name) => !live.has(name));
  }

  all(prefix: string, deletedToo: boolean): Promise<SubjectVersion[]> {
    return this.schemas.all(prefix, deletedToo);
  }

  /** Oldest first. Throws 40401. */
  async versions(subject: string, deletedToo: boolean): Promise<SubjectVersion[]> {
    const versions = (await this.schemas.versions(subject)).filter(({ deleted }) => deletedToo || !deleted);
    if (versions.length === 0) throw subjectNotFound(subject);
    return versions;
  }

  /** Throws 40401 or 40402. */
  async version(subject: string, wanted: number | 'latest', deletedToo: boolean): Promise<SubjectVersion> {
    const versions = await this.versions(subject, deletedToo);
    const found = wanted === 'latest' ? versions.at(-1) : versions.find(({ version }) => version === wanted);
    if (!found) throw versionNotFound(wanted);
    return found;
  }

  async referencedBy(subject: string, wanted: number | 'latest'): Promise<number[]> {
    const { version } = await this.version(subject, wanted, false);
    return this.schemas.referencing(subject, version);
  }

  /** Also finds softly deleted schemas, because old records still refer to them. Throws 40403. */
  async schema(id: number, subject?: string): Promise<RegisteredSchema> {
    const found = await this.schemas.byId(id);
    const isThere = subject === undefined || (await this.schemas.versionsOf(id, true)).some((one) => one.subject === subject);
    if (!found || !isThere) throw schemaNotFound(`Schema ${id} not found`);
    return found;
  }

  maxId(): Promise<number> {
    return this.schemas.maxId();
  }

  async versionsOf(id: number, deletedToo: boolean): Promise<SubjectVersion[]> {
    await this.schema(id);
    return this.schemas.versionsOf(id, deletedToo);
  }
}
