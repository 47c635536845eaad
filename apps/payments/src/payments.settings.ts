import { defineSettings, urlOf } from '@nestbox/platform';
import { z } from 'zod';
import type { ProviderAccess } from './adapters/http.card-gateway.js';

export class PaymentsSettings {
  /** The payment provider; undefined: the sandbox is used. */
  constructor(readonly provider?: ProviderAccess) {}
}

export const settings = defineSettings({
  as: PaymentsSettings,
  variables: {
    CARD_GATEWAY_URL: {
      schema: urlOf('sandbox:', 'http:', 'https:').optional(),
      expected: 'https://host[:port][/path] of the payment provider, or sandbox: to pretend',
    },
    CARD_GATEWAY_SECRET: { schema: z.string().optional(), expected: "the payment provider's bearer token", secret: true },
  },
  // The sandbox is the default for development only: production must name a provider.
  needed: ({ NODE_ENV }) => (NODE_ENV === 'production' ? ['CARD_GATEWAY_URL'] : []),
  read: ({ CARD_GATEWAY_URL: url, CARD_GATEWAY_SECRET: secret }) =>
    new PaymentsSettings(url === undefined || url.startsWith('sandbox:') ? undefined : { url, secret }),
});
