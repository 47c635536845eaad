/** What one person's data is sealed with. */
export interface SubjectKey {
  /** Says nothing of the person; stands beside everything that is sealed with the key. */
  readonly id: string;
  /** 32 bytes, for AES-256-GCM. */
  readonly secret: Buffer;
}

/**
 * PORT: one key for each person whose data is in events. Adapters: PostgreSQL, and in memory for tests. Guarantees:
 * - `keyOf` gives the same key to everybody until the person is forgotten; it is durable before anybody gets it.
 * - After `forget` nobody gets that key again, by whatever name. Somebody who comes back gets another.
 */
export abstract class SubjectKeys {
  abstract keyOf(subject: string): Promise<SubjectKey>;
  /** Those that are still there, by id. */
  abstract find(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** False when there was none. */
  abstract forget(subject: string): Promise<boolean>;
  abstract close(): Promise<void>;
}
