import { defineEvent } from '@nestbox/kernel';
import type { EventData } from '@nestbox/kernel';
import { z } from 'zod';
import { accountId, email, forgotten } from '../fields.js';
import { users } from './topics.js';

export const UserSignedUp = defineEvent({
  type: 'UserSignedUp',
  version: 1,
  topic: users,
  description: 'Somebody has signed up; whether the address is theirs is not known yet.',
  schema: z.object({
    accountId,
    email,
    confirmationCode: z
      .string()
      .regex(/^[\w-]{20}$/)
      .meta({ description: 'Whoever can read the mail to the address sends it back.', 'x-personal-data': true }),
    signedUpAt: z.iso.datetime(),
  }),
  key: (data) => data.accountId,
  personal: { subject: (data) => data.accountId, fields: { email: forgotten.email, confirmationCode: 'forgotten-code-00000' } },
  examples: [
    {
      accountId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
      email: 'ada@example.com',
      confirmationCode: 'mZq3Vt8uXw1Yb5Rk2Nc7',
      signedUpAt: '2026-11-23T06:00:00.000Z',
    },
  ],
});
export type UserSignedUp = EventData<typeof UserSignedUp>;
