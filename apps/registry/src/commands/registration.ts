import { Injectable } from '@nestjs/common';
import { incompatible, notPermitted, schemaNotFound, subjectNotFound } from '../domain/registry.errors.js';
import { fingerprint } from '../domain/schema.js';
import type { NewSchema, SubjectVersion } from '../domain/schema.js';
import { SchemaStore } from '../persistence/schema-store.js';
import { Compatibility } from './compatibility.js';
import { Settings } from './settings.js';

export interface Imported {
  readonly id?: number;
  readonly version?: number;
}

/** Registers schemas. */
@Injectable()
export class Registration {
  constructor(
    private readonly schemas: SchemaStore,
    private readonly settings: Settings,
    private readonly compatibility: Compatibility,
  ) {}

  /** Returns the schema's id. Idempotent. Throws 42201, 409 or 42205. */
  register(subject: string, schema: NewSchema, imported: Imported = {}): Promise<number> {
    return this.schemas.inTransaction(async () => {
      const known = find(await this.schemas.versions(subject), schema);
      if (known && imported.id === undefined) return known.id;
      const mode = await this.settings.requireWritable(subject);
      await this.compatibility.requireValid(schema);
      await this.schemas.lock(subject);
      return this.add(subject, schema, imported, mode === 'IMPORT');
    });
  }

  /** Runs under the subject's lock, so it sees versions that others have just added. */
  private async add(subject: string, schema: NewSchema, { id, version }: Imported, importing: boolean): Promise<number> {
    if ((id !== undefined || version !== undefined) && !importing) {
      throw notPermitted(`Subject ${subject} is not in import mode`);
    }
    const versions = await this.schemas.versions(subject);
    const known = find(versions, schema);
    if (known && id === undefined) return known.id;
    if (!importing) await this.requireCompatible(subject, schema, versions);
    const schemaId = await this.schemas.keep(schema, id);
    if (id !== undefined && schemaId !== id) throw notPermitted(`The schema is registered with id ${schemaId} instead of ${id}`);
    await this.schemas.addVersion(subject, version ?? (versions.at(-1)?.version ?? 0) + 1, schemaId);
    return schemaId;
  }

  private async requireCompatible(subject: string, schema: NewSchema, versions: readonly SubjectVersion[]): Promise<void> {
    const level = await this.settings.level(subject, true);
    const faults = await this.compatibility.faults(schema, versions.filter(({ deleted }) => !deleted), level);
    if (faults.length > 0) throw incompatible(subject, [...faults, `{compatibility: '${level}'}`]);
  }

  /** The version of a schema in a subject. Throws 40401 or 40403. */
  async lookUp(subject: string, schema: NewSchema, deletedToo: boolean): Promise<SubjectVersion> {
    const versions = (await this.schemas.versions(subject)).filter(({ deleted }) => deletedToo || !deleted);
    if (versions.length === 0) throw subjectNotFound(subject);
    await this.compatibility.requireValid(schema);
    const found = find(versions, schema, deletedToo);
    if (!found) throw schemaNotFound();
    return found;
  }
}

function find(versions: readonly SubjectVersion[], schema: NewSchema, deletedToo = false): SubjectVersion | undefined {
  const wanted = fingerprint(schema);
  return versions.findLast((one) => (deletedToo || !one.deleted) && fingerprint(one).equals(wanted));
}
