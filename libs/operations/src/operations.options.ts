import type { ConsumerModuleOptions } from '@nestbox/consumer';
import type { Role } from './admin/rights.js';
import type { AlertingOptions } from './alerting/alert.js';

export interface OperationsModuleOptions extends ConsumerModuleOptions {
  /** The token of each role for /admin. A role without a token has no access. Default: none has. */
  readonly adminTokens?: Readonly<Partial<Record<Role, string>>>;
  readonly alerting?: AlertingOptions;
}
