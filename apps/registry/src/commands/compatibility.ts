import { Injectable } from '@nestjs/common';
import type { SchemaReference } from '@nestbox/schema';
import { invalidSchema } from '../domain/registry.errors.js';
import { Comparisons } from './comparisons.js';
import { asText } from '../domain/schema.js';
import type { NewSchema, SubjectVersion } from '../domain/schema.js';
import { SchemaStore } from '../persistence/schema-store.js';
import type { Level } from './settings.js';

const MAX_REFERENCES = 100;

/** Checks whether a schema is compatible with others of its subject. */
@Injectable()
export class Compatibility {
  constructor(
    private readonly schemas: SchemaStore,
    private readonly comparisons: Comparisons,
  ) {}

  /** Throws 42201 when the schema, or a referenced one, is invalid; 422 when that cannot be told in time. */
  async requireValid(schema: NewSchema): Promise<void> {
    await this.comparisons.incompatibilities({ proposed: asText(schema, await this.texts(schema)), existing: [], level: 'NONE' });
  }

  /** Describes the incompatibilities; empty when there are none. `versions` is oldest first. */
  async faults(schema: NewSchema, versions: readonly SubjectVersion[], level: Level): Promise<string[]> {
    const proposed = asText(schema, await this.texts(schema));
    const existing = await Promise.all(versions.map(async (version) => asText(version, await this.texts(version))));
    const found = await this.comparisons.incompatibilities({ proposed, existing, level });
    return found.map(({ kind, path, reason, counterexample, direction, against }) => {
      const [reader, writer] = direction === 'backward' ? ['new', 'old'] : ['old', 'new'];
      const words = reason.replaceAll('the reader', `the ${reader} schema`).replaceAll('the writer', `the ${writer} schema`);
      const version = versions[against]!.version;
      const shown = counterexample === undefined ? '' : `: the ${reader} schema refuses ${counterexample}, which the ${writer} one allows`;
      return `{errorType:'${kind}', description:'${words}${shown}', additionalInfo:'${path}', oldSchemaVersion: ${version}}`;
    });
  }

  /** All referenced schemas, each after its own references; also deleted ones, which old schemas still refer to. */
  private async texts(schema: NewSchema, seen = new Set<string>()): Promise<SchemaReference[]> {
    const texts: SchemaReference[] = [];
    for (const { name, subject, version } of schema.references) {
      const key = `${subject} ${version}`;
      if (seen.has(key)) continue;
      if (seen.add(key).size > MAX_REFERENCES) throw invalidSchema(`it refers to more than ${MAX_REFERENCES} others`);
      const found = (await this.schemas.versions(subject)).find((one) => one.version === version);
      if (!found) throw invalidSchema(`it refers to version ${version} of ${subject}, which is not there`);
      texts.push(...(await this.texts(found, seen)), { name, text: found.text });
    }
    return texts;
  }
}
