import { randomBytes, randomUUID } from 'node:crypto';
import { SubjectKeys } from '../encryption/subject-keys.js';
import type { SubjectKey } from '../encryption/subject-keys.js';

/** Keys for tests. Several apps may share one instance. */
export class InMemorySubjectKeys extends SubjectKeys {
  private readonly keys = new Map<string, SubjectKey>();

  override async keyOf(subject: string): Promise<SubjectKey> {
    const key = this.keys.get(subject) ?? { id: randomUUID(), secret: randomBytes(32) };
    this.keys.set(subject, key);
    return key;
  }

  override async find(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    return new Map([...this.keys.values()].filter(({ id }) => ids.includes(id)).map(({ id, secret }) => [id, secret]));
  }

  override async forget(subject: string): Promise<boolean> {
    return this.keys.delete(subject);
  }

  override async close(): Promise<void> {}
}
