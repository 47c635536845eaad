import { randomUUID } from 'node:crypto';
import { classify } from '../../../consumer/src/retry/classify.js';
import { InMemorySubjectKeys } from '../testing/in-memory.subject-keys.js';
import { FieldEncryption } from './field-encryption.js';
import { encryptFields, SUBJECT_KEY_HEADER } from './encrypt-fields.js';

const personal = { fields: { userId: 'forgotten' } };

describe('who may read personal data', () => {
  const keys = new InMemorySubjectKeys();
  const privacyWith = (subjectKeys?: InMemorySubjectKeys) => new FieldEncryption({ context: 'search', subjectKeys } as never);
  const sealed = async () => {
    const key = await keys.keyOf('ada');
    return { headers: { [SUBJECT_KEY_HEADER]: key.id }, data: encryptFields({ userId: 'ada' }, personal, key, 'event-1') };
  };

  it('is whoever has the keys, until the person is forgotten', async () => {
    const { headers, data } = await sealed();
    const before = privacyWith(keys);
    await before.prepare([{ headers }]);
    expect(before.reveal({ headers }, 'event-1')!(data)).toEqual({ userId: 'ada' });
    await before.shred('ada');
    const after = privacyWith(keys);
    await after.prepare([{ headers }]);
    expect(after.reveal({ headers }, 'event-1')!(data)).toEqual({ userId: 'forgotten' });
  });

  it('is nobody who was told of no keys: they wait, and take nobody for forgotten', async () => {
    const { headers } = await sealed();
    const fault: unknown = await privacyWith().prepare([{ headers }])!.catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'SUBJECT_KEYS_UNAVAILABLE' });
    expect(classify(fault)).toBe('transient');
  });

  it('is read without any question where nothing is sealed', () => {
    expect(privacyWith().prepare([{ headers: {} }])).toBeUndefined();
    expect(privacyWith(keys).reveal({ headers: {} }, randomUUID())).toBeUndefined();
  });
});
