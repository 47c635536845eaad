import type { OperatorToken } from '@nestbox/access';
import type { ConsumerModuleOptions } from '@nestbox/consumer';
import type { AlertingOptions } from './alerting/alert.js';

export interface OperationsModuleOptions extends ConsumerModuleOptions {
  /** Who may use the routes under /admin. Default: nobody. */
  readonly operators?: readonly OperatorToken[];
  readonly alerting?: AlertingOptions;
}
