import { randomUUID } from 'node:crypto';
import { classify } from '../../../consumer/src/retry/classify.js';
import { InMemorySubjectKeys } from '../testing/in-memory.subject-keys.js';
import { FieldEncryption } from './field-encryption.js';
import { encryptFields, SUBJECT_KEY_HEADER } from './encrypt-fields.js';

const personal = { fields: { userId: 'forgotten' } };

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
