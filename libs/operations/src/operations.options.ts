import type { ConsumerModuleOptions } from '@nestbox/consumer';
import type { Role } from './admin/rights.js';
import type { AlertingOptions } from './alerting/alerting.options.js';

export interface OperationsModuleOptions extends ConsumerModuleOptions {
  /** Whose bearer is let in under /admin; a role without a token lets nobody in. Default: none is. */
  readonly adminTokens?: Readonly<Partial<Record<Role, string>>>;
  readonly alerting?: AlertingOptions;
}
