import type { ConsumerModuleOptions } from '@nestbox/consumer';

export interface SagaOptions {
  /** Multiplies every timeout of every saga. Below 1 for demos and tests, which cannot wait for minutes. Default 1. */
  readonly timeScale?: number;
}

export interface SagasModuleOptions extends ConsumerModuleOptions {
  readonly sagas?: SagaOptions;
}
