import { loadConfig } from '@nestbox/platform';
import { settings } from './email.settings.js';

const production = {
  NODE_ENV: 'production', NESTBOX_OPERATORS: `ada:admin:${'0'.repeat(64)}`, ACCOUNTS_URL: 'https://accounts.example', SUBJECT_KEYS_URL: 'postgres://keys',
  DATABASE_URL: 'postgres://email:secret@127.0.0.1:3432/email',
  BROKER_DATABASE_URL: 'postgres://email:secret@127.0.0.1:3432/broker',
};

describe('the settings of email', () => {
  it('ask for a mail server in production instead of trusting the loopback', () => {
    expect(() => loadConfig(production, 'email', settings)).toThrow('SMTP_URL is not set');
    expect(() => loadConfig(production, 'checkout')).not.toThrow();
  });

  it('take the mail catcher of npm start anywhere else', () => {
    expect(settings.read({ PORT_BASE: '15000' })).toEqual({ smtpUrl: 'smtp://127.0.0.1:15025' });
    expect(settings.read({ SMTP_URL: 'smtps://mail.example:465' })).toEqual({ smtpUrl: 'smtps://mail.example:465' });
  });
});
