import { Injectable } from '@nestjs/common';
import { idTaken, incompatible, notPermitted, schemaNotFound, subjectNotFound, versionTaken } from '../domain/registry.errors.js';
import { fingerprint } from '../domain/schema.js';
import type { NewSchema, SubjectVersion } from '../domain/schema.js';
import { SchemaStore } from '../persistence/schema-store.js';
import { Compatibility } from './compatibility.js';
import { Settings } from './settings.js';

export interface Imported {
  readonly id?: number;
  readonly version?: number;
  /** Schemas that differ in order only are the same. */
  readonly normalize?: boolean;
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
      const known = find(await this.schemas.versions(subject), schema, imported);
      if (known && imported.id === undefined) return known.id;
      const mode = await this.settings.requireWritable(subject);
      await this.compatibility.requireValid(schema);
      await this.schemas.lock(subject);
      return this.add(subject, schema, imported, mode === 'IMPORT');
    });
  }

  /** Runs under the subject's lock, so it sees versions that others have just added. */
  private async add(subject: string, schema: NewSchema, imported: Imported, importing: boolean): Promise<number> {
    const { id, version } = imported;
    if ((id !== undefined || version !== undefined) && !importing) {
      throw notPermitted(`Subject ${subject} is not in import mode`);
    }
    const versions = await this.schemas.versions(subject);
    const known = find(versions, schema, imported);
    if (known && id === undefined) return known.id;
    if (importing) await this.requireImportable(subject, schema, id);
    else await this.requireCompatible(subject, schema, versions);
    const schemaId = await this.schemas.keep(schema, id);
    if (id !== undefined && schemaId !== id) throw notPermitted(`The schema is registered with id ${schemaId} instead of ${id}`);
    const number = version ?? (versions.at(-1)?.version ?? 0) + 1;
    if (!(await this.schemas.addVersion(subject, number, schemaId))) throw versionTaken(subject, number);
    return schemaId;
  }

  private async requireImportable(subject: string, schema: NewSchema, id: number | undefined): Promise<void> {
    if (id === undefined) throw notPermitted(`Subject ${subject} is in import mode: send the id that the schema has`);
    const taken = await this.schemas.byId(id);
    if (taken && !fingerprint(taken).equals(fingerprint(schema))) throw idTaken(id);
  }

  private async requireCompatible(subject: string, schema: NewSchema, versions: readonly SubjectVersion[]): Promise<void> {
    const level = await this.settings.level(subject, true);
    const faults = await this.compatibility.faults(schema, versions.filter(({ deleted }) => !deleted), level);
    if (faults.length > 0) throw incompatible(subject, [...faults, `{compatibility: '${level}'}`]);
  }

  /** The version of a schema in a subject. Throws 40401 or 40403. */
  async lookUp(subject: string, schema: NewSchema, deletedToo: boolean, normalize: boolean): Promise<SubjectVersion> {
    const versions = (await this.schemas.versions(subject)).filter(({ deleted }) => deletedToo || !deleted);
    if (versions.length === 0) throw subjectNotFound(subject);
    await this.compatibility.requireValid(schema);
    const found = find(versions, schema, { normalize }, deletedToo);
    if (!found) throw schemaNotFound();
    return found;
  }
}

function find(versions: readonly SubjectVersion[], schema: NewSchema, { normalize }: Imported, deletedToo = false): SubjectVersion | undefined {
  const wanted = fingerprint(schema, normalize);
  return versions.findLast((one) => (deletedToo || !one.deleted) && fingerprint(one, normalize).equals(wanted));
}
