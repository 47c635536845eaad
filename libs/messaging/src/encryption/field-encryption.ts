import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { BrokerRecord } from '../broker/broker.js';
import { EventingError } from '../eventing.error.js';
import { EVENTING_OPTIONS } from '../messaging.options.js';
import type { MessagingOptions } from '../messaging.options.js';
import { PostgresSubjectKeys } from './postgres.subject-keys.js';
import { isPersonal } from './personal-message.js';
import type { PersonalMessage } from './personal-message.js';
import { decryptFields, SUBJECT_KEY_HEADER } from './encrypt-fields.js';
import { SubjectKeys } from './subject-keys.js';
import type { SubjectKey } from './subject-keys.js';

/** So long, in ms, a process may still use the key of somebody who has been forgotten. */
export const KEY_IS_FRESH_MS = 1_000;
const MOST_KNOWN = 20_000;

interface Known {
  readonly secret: Buffer | undefined;
  readonly at: number;
}

/** Seals personal fields on their way into the outbox and reveals them on their way to handlers. */
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

  /** False where no keys are kept: everything travels as it is. */
  get isKept(): boolean {
    return this.keys !== undefined;
  }

  /** The messages as they are to be written. Rejects with SUBJECT_KEYS_UNAVAILABLE; nothing is written then. */
  async protect<Encoded extends object>(messages: readonly (Encoded | PersonalMessage<Encoded>)[]): Promise<readonly Encoded[]> {
    if (!messages.some(isPersonal)) return messages as readonly Encoded[];
    return Promise.all(messages.map(async (one) => (isPersonal(one) ? one.encryptedWith(await this.keyOf(one.subject)) : one)));
  }

  /** What has to be fetched before `reveal`: nothing, most of the time. Rejects with SUBJECT_KEYS_UNAVAILABLE. */
  prepare(records: readonly Pick<BrokerRecord, 'headers'>[]): Promise<void> | undefined {
    const now = performance.now();
    const wanted = new Set<string>();
    for (const { headers } of records) {
      const id = headers[SUBJECT_KEY_HEADER];
      if (id !== undefined && !((this.known.get(id)?.at ?? -Infinity) > now - KEY_IS_FRESH_MS)) wanted.add(id);
    }
    if (wanted.size === 0) return undefined;
    // To go on would take everybody for forgotten.
    if (!this.keys) {
      const fault = 'Personal data is sealed and no keys are known: set SUBJECT_KEYS_URL';
      return Promise.reject(new EventingError('SUBJECT_KEYS_UNAVAILABLE', fault));
    }
    return this.fetch([...wanted]);
  }

  /** How data is to be revealed; undefined for a record in which nothing is sealed. Only after `prepare`. */
  reveal({ headers }: Pick<BrokerRecord, 'headers'>, eventId: string): ((data: unknown) => unknown) | undefined {
    const id = headers[SUBJECT_KEY_HEADER];
    if (id === undefined) return undefined;
    const known = this.known.get(id) ?? this.knownBefore.get(id);
    if (!known) throw new EventingError('SUBJECT_KEYS_UNAVAILABLE', 'The key of a record was not looked up.');
    return (data) => decryptFields(data, known.secret, eventId);
  }

  /** Takes the key away for good. False when there was none, or none are kept. */
  async shred(subject: string): Promise<boolean> {
    this.bySubject.delete(subject);
    return (await this.keys?.forget(subject)) ?? false;
  }

  private async keyOf(subject: string): Promise<SubjectKey> {
    const now = performance.now();
    const kept = this.bySubject.get(subject);
    if (kept && kept.at > now - KEY_IS_FRESH_MS) return kept.key;
    const key = await this.ask((keys) => keys.keyOf(subject));
    if (this.bySubject.size >= MOST_KNOWN) this.bySubject.clear();
    this.bySubject.set(subject, { key, at: now });
    return key;
  }

  private async fetch(ids: readonly string[]): Promise<void> {
    const at = performance.now();
    const found = await this.ask((keys) => keys.find(ids.filter(isUuid)));
    // The generation before is kept: what was prepared for a batch is there until the batch is done.
    if (this.known.size >= MOST_KNOWN) [this.knownBefore, this.known] = [this.known, new Map()];
    for (const id of ids) this.known.set(id, { secret: found.get(id), at });
  }

  private ask<T>(question: (keys: SubjectKeys) => Promise<T>): Promise<T> {
    return question(this.keys!).catch((cause: Error) => {
      throw new EventingError('SUBJECT_KEYS_UNAVAILABLE', `The keys of personal data cannot be had: ${cause.message}`, { cause });
    });
  }
}

/** A header is anybody's to write: what is no id has no key. */
function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}
