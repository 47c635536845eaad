import { defineSettings, urlOf } from '@nestbox/platform';
import { z } from 'zod';

export class CheckoutSettings {
  constructor(
    /** URL of the search app, for requests that wait for it. */
    readonly searchUrl: string,
    /** Signs the secrets that open guests' orders. */
    readonly orderSecretsKey: string,
  ) {}
}

export const settings = defineSettings({
  as: CheckoutSettings,
  variables: {
    SEARCH_URL: { schema: urlOf('http:', 'https:').optional(), expected: 'http://host:port' },
    ORDER_SECRETS_KEY: { schema: z.string().min(20).max(200).optional(), expected: '20 to 200 random characters', secret: true },
  },
  needed: () => ['ORDER_SECRETS_KEY'],
  read: ({ SEARCH_URL, ORDER_SECRETS_KEY }, near) => new CheckoutSettings(SEARCH_URL ?? `http://${near('search')}`, ORDER_SECRETS_KEY!),
});
