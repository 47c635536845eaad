import type { ConsumerModuleOptions } from '@nestbox/consumer';

export interface SagaOptions {
  /** Multiplies every timeout of every saga: below 1 for rehearsals and tests, where nobody waits for minutes. Default 1. */
  readonly timeScale?: number;
}

export interface SagasModuleOptions extends ConsumerModuleOptions {
  readonly sagas?: SagaOptions;
}
