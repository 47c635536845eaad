import { Injectable } from '@nestjs/common';
import { schemaNotFound, subjectNotFound, versionNotFound } from '../domain/registry.errors.js';
import type { RegisteredSchema, SubjectVersion } from '../domain/schema.js';
import { SchemaStore } from '../persistence/schema-store.js';

/** Reads registered subjects and schemas. */
@Injectable()
export class Subjects {
  constructor(private readonly schemas: SchemaStore) {}

  names(prefix: string, deletedToo: boolean): Promise<string[]> {
    return this.schemas.subjects(prefix, deletedToo);
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
  async schema(id: number): Promise<RegisteredSchema> {
    const found = await this.schemas.byId(id);
    if (!found) throw schemaNotFound(`Schema ${id} not found`);
    return found;
  }

  async versionsOf(id: number, deletedToo: boolean): Promise<SubjectVersion[]> {
    await this.schema(id);
    return this.schemas.versionsOf(id, deletedToo);
  }
}
