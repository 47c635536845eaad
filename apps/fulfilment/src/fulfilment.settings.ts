import { defineSettings } from '@nestbox/platform';
import { z } from 'zod';

export class FulfilmentSettings {
  constructor(readonly timeScale: number) {}
}

export const settings = defineSettings({
  as: FulfilmentSettings,
  variables: {
    SAGA_TIME_SCALE: {
      schema: z.coerce.number().positive().max(100).default(1),
      expected: 'a number above 0 that every timeout of a saga is multiplied by',
    },
  },
  read: ({ SAGA_TIME_SCALE }) => new FulfilmentSettings(SAGA_TIME_SCALE),
});
