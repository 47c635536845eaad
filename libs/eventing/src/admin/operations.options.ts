import type { AlertingOptions } from '../alerting/alerting.options.js';
import type { ConsumerModuleOptions } from '../consumer/consumer.options.js';
import type { Role } from './rights.js';

export interface OperationsModuleOptions extends ConsumerModuleOptions {
  /** Whose bearer is let in under /admin; a role without a token lets nobody in. Default: none is. */
  readonly adminTokens?: Readonly<Partial<Record<Role, string>>>;
  readonly alerting?: AlertingOptions;
}
