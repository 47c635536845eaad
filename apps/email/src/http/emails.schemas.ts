import { email, orderId } from '@nestbox/contracts';
import { z } from 'zod';

export const EmailsRequest = z.strictObject({ orderId });
export type EmailsRequest = z.output<typeof EmailsRequest>;

export const EmailsAnswer = z.array(
  z.object({
    kind: z.enum(['confirmation', 'apology']),
    to: email,
    subject: z.string(),
    eventId: z.uuid().meta({ description: 'The event that asked for the mail.' }),
    sentAt: z.iso.datetime(),
  }),
);
export type EmailsAnswer = z.output<typeof EmailsAnswer>;
