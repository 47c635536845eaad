import { defineSettings } from '@nestbox/platform';

export class EmailSettings {
  constructor(readonly smtpUrl: string) {}
}

export const settings = defineSettings({
  as: EmailSettings,
  variables: {},
  // The default is the local mail catcher, for development only: in production it would silently lose mail.
  needed: ({ NODE_ENV }) => (NODE_ENV === 'production' ? ['SMTP_URL'] : []),
  read: ({ SMTP_URL }, near) => new EmailSettings(SMTP_URL ?? `smtp://${near('smtp')}`),
});
