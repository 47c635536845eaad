import { randomUUID } from 'node:crypto';
import { classify } from '../../../consumer/src/retry/classify.js';
import { InMemorySubjectKeys } from '../testing/in-memory.subject-keys.js';
import { FieldEncryption, KEY_IS_FRESH_MS } from './field-encryption.js';
import type { SubjectKey } from './subject-keys.js';
import { encryptFields, SUBJECT_KEY_HEADER } from './encrypt-fields.js';

const personal = { fields: { userId: 'forgotten' } };

class KeysThatMayBeAway extends InMemorySubjectKeys {
  away = false;

  override keyOf(subject: string): ReturnType<InMemorySubjectKeys['keyOf']> {
    return this.away ? Promise.reject(new Error('connect ECONNREFUSED')) : super.keyOf(subject);
  }

  override find(ids: readonly string[]): ReturnType<InMemorySubjectKeys['find']> {
    return this.away ? Promise.reject(new Error('connect ECONNREFUSED')) : super.find(ids);
  }
}

describe('a store of keys that is away', () => {
  const unavailable = { code: 'SUBJECT_KEYS_UNAVAILABLE' };
  const messageOf = (subject: string) => ({ subject, encryptWith: (key: SubjectKey) => ({ keyId: key.id }) });
  const keys = new KeysThatMayBeAway();
  const encryption = new FieldEncryption({ context: 'checkout', subjectKeys: keys } as never);
  const { now } = performance;
  let ahead = 0;
  let id = '';

  beforeAll(async () => {
    performance.now = () => now.call(performance) + ahead;
    const [{ keyId }] = (await encryption.encrypt([messageOf('ada')])) as [{ keyId: string }];
    id = keyId;
    await encryption.prepare([{ headers: { [SUBJECT_KEY_HEADER]: id } }]);
    keys.away = true;
    ahead = 60 * KEY_IS_FRESH_MS;
  });
  afterAll(() => {
    performance.now = now;
  });

  it('stops nobody from writing about a person whose key is known', async () => {
    expect(await encryption.encrypt([messageOf('ada')])).toEqual([{ keyId: id }]);
  });

  it('stops whoever writes about somebody new, and whoever reads: the person may be forgotten by now', async () => {
    await expect(encryption.encrypt([messageOf('grace')])).rejects.toMatchObject(unavailable);
    await expect(encryption.prepare([{ headers: { [SUBJECT_KEY_HEADER]: id } }])).rejects.toMatchObject(unavailable);
  });

  it('is asked again as soon as it is back', async () => {
    keys.away = false;
    await keys.forget('ada');
    ahead += 2 * KEY_IS_FRESH_MS;
    const [{ keyId }] = (await encryption.encrypt([messageOf('ada')])) as [{ keyId: string }];
    expect(keyId).not.toBe(id);
  });
});

describe('who may read personal data', () => {
  const keys = new InMemorySubjectKeys();
  const encryptionWith = (subjectKeys?: InMemorySubjectKeys) => new FieldEncryption({ context: 'search', subjectKeys } as never);
  const encrypted = async () => {
    const key = await keys.keyOf('ada');
    return { headers: { [SUBJECT_KEY_HEADER]: key.id }, data: encryptFields({ userId: 'ada' }, personal, key, 'event-1') };
  };

  it('is whoever has the keys, until the person is forgotten', async () => {
    const { headers, data } = await encrypted();
    const before = encryptionWith(keys);
    await before.prepare([{ headers }]);
    expect(before.decryptor({ headers }, 'event-1')!(data)).toEqual({ userId: 'ada' });
    await before.shred('ada');
    const after = encryptionWith(keys);
    await after.prepare([{ headers }]);
    expect(after.decryptor({ headers }, 'event-1')!(data)).toEqual({ userId: 'forgotten' });
  });

  it('is nobody without a store of keys: they wait, and treat nobody as forgotten', async () => {
    const { headers } = await encrypted();
    const fault: unknown = await encryptionWith().prepare([{ headers }])!.catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'SUBJECT_KEYS_UNAVAILABLE' });
    expect(classify(fault)).toBe('transient');
  });

  it('needs no keys where nothing is encrypted', () => {
    expect(encryptionWith().prepare([{ headers: {} }])).toBeUndefined();
    expect(encryptionWith(keys).decryptor({ headers: {} }, randomUUID())).toBeUndefined();
  });
});
