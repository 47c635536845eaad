import { defineSettings } from '@nestbox/platform';

export class EmailSettings {
  constructor(readonly smtpUrl: string) {}
}

export const settings = defineSettings({
  as: EmailSettings,
  variables: {},
  // The catcher on the loopback is a convenience of development: in production a silent default would lose mail.
  needed: ({ NODE_ENV }) => (NODE_ENV === 'production' ? ['SMTP_URL'] : []),
  read: ({ SMTP_URL }, near) => new EmailSettings(SMTP_URL ?? `smtp://${near('smtp')}`),
});
