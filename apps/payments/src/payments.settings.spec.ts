import { loadConfig } from '@nestbox/platform';
import { settings } from './payments.settings.js';

const shop = {
  DATABASE_URL: 'postgres://payments:secret@127.0.0.1:3432/payments',
  BROKER_DATABASE_URL: 'postgres://payments:secret@127.0.0.1:3432/broker',
};
const url = 'https://cards.example/v1';

describe('the settings of payments', () => {
  it('have to say in production that money is only pretended to be taken', () => {
    const production = { ...shop, NODE_ENV: 'production', NESTBOX_OPERATORS: `ada:admin:${'0'.repeat(64)}`, ACCOUNTS_URL: 'https://accounts.example', SUBJECT_KEYS_URL: 'postgres://keys' };
    expect(() => loadConfig(production, 'payments', settings)).toThrow('CARD_GATEWAY_URL is not set, expected https://host');
    expect(() => loadConfig({ ...production, CARD_GATEWAY_URL: 'sandbox:' }, 'payments', settings)).not.toThrow();
  });

  it('are refused together with the rest of the environment', () => {
    const faulty = { ...shop, PORT: '0', CARD_GATEWAY_URL: 'cards' };
    expect(() => loadConfig(faulty, 'payments', settings)).toThrow(
      'Configuration: PORT is "0", expected a port from 1 to 65535; CARD_GATEWAY_URL is "cards", expected https://host',
    );
  });

  it('name a provider only where there is one', () => {
    expect(settings.read({ CARD_GATEWAY_URL: url, CARD_GATEWAY_SECRET: 'hush' })).toEqual({ provider: { url, secret: 'hush' } });
    expect(settings.read({ CARD_GATEWAY_URL: 'sandbox:' })).toEqual({});
    expect(settings.read({})).toEqual({});
  });
});
