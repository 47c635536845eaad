/** The key that encrypts one person's data. */
export interface SubjectKey {
  /** Does not identify the person. Travels with everything that the key encrypts. */
  readonly id: string;
  /** 32 bytes, for AES-256-GCM. */
  readonly secret: Buffer;
}

/**
 * PORT: one key for each person whose data is in events. Adapters: PostgreSQL, and in memory for tests. Guarantees:
 * - `keyOf` returns the same key to every caller until the person is forgotten. The key is durable before it is returned.
 * - After `forget` no method returns that key again. A person who comes back gets a new one.
 */
export abstract class SubjectKeys {
  abstract keyOf(subject: string): Promise<SubjectKey>;
  /** The keys that still exist, by id. */
  abstract find(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** False when there was none. */
  abstract forget(subject: string): Promise<boolean>;
  abstract close(): Promise<void>;
}
