import type { Type } from '@nestjs/common';
import type { KeyByKey, Lane } from './key-by-key.js';

/** PORT: runs handlers of kind `projection`. Without it a projection is refused when the app starts. */
export interface ProjectionRuntime {
  /** Throws HANDLER_INVALID for a class whose projections could not be rebuilt. */
  refuseFaulty(handlers: Type): void;
  lane(keyByKey: KeyByKey): Lane;
  /** Seeds the projections of a group from states. Resolves when the group may be joined, or when `mayGoOn` is false. */
  seedGroup(group: string, mayGoOn: () => boolean): Promise<void>;
}
