import { defineSettings, urlOf } from '@nestbox/platform';

export class CheckoutSettings {
  /** URL of the search app, for requests that wait for it. */
  constructor(readonly searchUrl: string) {}
}

export const settings = defineSettings({
  as: CheckoutSettings,
  variables: { SEARCH_URL: { schema: urlOf('http:', 'https:').optional(), expected: 'http://host:port' } },
  read: ({ SEARCH_URL }, near) => new CheckoutSettings(SEARCH_URL ?? `http://${near('search')}`),
});
