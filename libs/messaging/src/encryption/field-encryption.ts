import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { BrokerRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { EVENTING_OPTIONS } from '../messaging.options.js';
import type { MessagingOptions } from '../messaging.options.js';
import { decryptFields, isPersonal, SUBJECT_KEY_HEADER } from './encrypt-fields.js';
import type { PersonalMessage } from './encrypt-fields.js';
import { PostgresSubjectKeys } from './postgres.subject-keys.js';
import { SubjectKeys } from './subject-keys.js';
import type { SubjectKey } from './subject-keys.js';

/** For how long, in ms, a process may use a cached key after it was deleted. */
export const KEY_IS_FRESH_MS = 1_000;
const MOST_KNOWN = 20_000;

interface Known {
  readonly secret: Buffer | undefined;
  readonly at: number;
}

/** Encrypts personal fields for the outbox and decrypts them for handlers. */
@Injectable()
export class FieldEncryption implements OnApplicationShutdown {
  private readonly keys: SubjectKeys | undefined;
  private readonly bySubject = new Map<string, { key: SubjectKey; at: number }>();
  private known = new Map<string, Known>();
  private knownBefore = new Map<string, Known>();

  constructor(@Inject(EVENTING_OPTIONS) { subjectKeys }: MessagingOptions) {
    this.keys = typeof subjectKeys === 'string' ? new PostgresSubjectKeys(subjectKeys) : subjectKeys;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.keys?.close();
  }

  /** False without a store of keys: nothing is encrypted then. */
  get isEnabled(): boolean {
    return this.keys !== undefined;
  }

  /** Encrypts the messages that hold personal data. Rejects with SUBJECT_KEYS_UNAVAILABLE. */
  async encrypt<Encoded extends object>(messages: readonly (Encoded | PersonalMessage<Encoded>)[]): Promise<readonly Encoded[]> {
    if (!messages.some(isPersonal)) return messages as readonly Encoded[];
    return Promise.all(messages.map(async (one) => (isPersonal(one) ? one.encryptWith(await this.keyOf(one.subject)) : one)));
  }

  /** Fetches the keys that `decryptor` needs. Undefined when all are cached. Rejects with SUBJECT_KEYS_UNAVAILABLE. */
  prepare(records: readonly Pick<BrokerRecord, 'headers'>[]): Promise<void> | undefined {
    const now = performance.now();
    const wanted = new Set<string>();
    for (const { headers } of records) {
      const id = headers[SUBJECT_KEY_HEADER];
      if (id !== undefined && !((this.known.get(id)?.at ?? -Infinity) > now - KEY_IS_FRESH_MS)) wanted.add(id);
    }
    if (wanted.size === 0) return undefined;
    // Going on would treat every person as forgotten.
    if (!this.keys) {
      const fault = 'Personal data is encrypted and no store of keys is configured: set SUBJECT_KEYS_URL';
      return Promise.reject(new EventingError('SUBJECT_KEYS_UNAVAILABLE', fault));
    }
    return this.fetch([...wanted]);
  }

  /** Decrypts the data of a record; undefined when nothing in it is encrypted. Call `prepare` first. */
  decryptor({ headers }: Pick<BrokerRecord, 'headers'>, eventId: string): ((data: unknown) => unknown) | undefined {
    const id = headers[SUBJECT_KEY_HEADER];
    if (id === undefined) return undefined;
    const known = this.known.get(id) ?? this.knownBefore.get(id);
    if (!known) throw new EventingError('SUBJECT_KEYS_UNAVAILABLE', 'The key of a record was not fetched.');
    return (data) => decryptFields(data, known.secret, eventId);
  }

  /** Deletes the key of a person for good. False when there was none. */
  async shred(subject: string): Promise<boolean> {
    this.bySubject.delete(subject);
    return (await this.keys?.forget(subject)) ?? false;
  }

  private async keyOf(subject: string): Promise<SubjectKey> {
    const now = performance.now();
    const kept = this.bySubject.get(subject);
    if (kept && kept.at > now - KEY_IS_FRESH_MS) return kept.key;
    // While the keys are away a writer goes on with an older one: the worst is that what it writes can be read by nobody.
    const key = await this.ask((keys) => keys.keyOf(subject)).catch((error: Error) => kept?.key ?? Promise.reject(error));
    if (this.bySubject.size >= MOST_KNOWN) this.bySubject.clear();
    this.bySubject.set(subject, { key, at: now });
    return key;
  }

  private async fetch(ids: readonly string[]): Promise<void> {
    const at = performance.now();
    const found = await this.ask((keys) => keys.find(ids.filter(isUuid)));
    // The previous map is kept: keys that were prepared for a batch stay available until the batch is done.
    if (this.known.size >= MOST_KNOWN) [this.knownBefore, this.known] = [this.known, new Map()];
    for (const id of ids) this.known.set(id, { secret: found.get(id), at });
  }

  private ask<T>(question: (keys: SubjectKeys) => Promise<T>): Promise<T> {
    return question(this.keys!).catch((cause: Error) => {
      throw new EventingError('SUBJECT_KEYS_UNAVAILABLE', `The keys of personal data cannot be read: ${cause.message}`, { cause });
    });
  }
}

/** Any producer may write the header. A value that is no UUID has no key. */
function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}
