import { email, orderId } from '@nestbox/contracts';
import { z } from 'zod';

export const EmailsRequest = z.strictObject({ orderId });
export type EmailsRequest = z.output<typeof EmailsRequest>;

export const EmailsAnswer = z
  .array(
    z.object({
      kind: z.enum(['confirmation', 'apology', 'shipped']),
      to: email,
      subject: z.string(),
      eventId: z.uuid().meta({ description: 'The event that asked for the mail.' }),
      sentAt: z.iso.datetime(),
    }),
  )
  .meta({
    examples: [
      [
        {
          kind: 'confirmation',
          to: 'ada@example.com',
          subject: 'We have your order 0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
          eventId: '0191e7a0-5c3b-7c4f-8a1b-2c3d4e5f6071',
          sentAt: '2026-11-23T06:00:01.000Z',
        },
      ],
    ],
  });
export type EmailsAnswer = z.output<typeof EmailsAnswer>;
