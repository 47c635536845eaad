// Written by "npm run generate", from apps/<app>/app.json.

/** Distance of each app's port from PORT_BASE, so that several shops can run side by side. */
export const portOffsets: Readonly<Record<string, number>> = {
  checkout: 1,
  inventory: 2,
  payments: 3,
  shipping: 4,
  fulfilment: 5,
  email: 6,
  analytics: 7,
  search: 8,
  registry: 9,
  accounts: 11,
};

/** Apps that neither publish nor consume, and so hold no personal data. */
export const withoutEvents: readonly string[] = ['registry'];

/** Where `npm start` puts the SMTP catcher. */
export const smtpOffset = 25;
