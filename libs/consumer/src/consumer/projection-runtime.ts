import type { Type } from '@nestjs/common';
import type { KeyByKey } from './key-by-key.js';
import type { Lane } from './lane.js';

/** PORT: what runs handlers of kind `projection`. Without it a projection is refused when the app starts. */
export interface ProjectionRuntime {
  /** Throws HANDLER_INVALID for a class whose projections could not be rebuilt. */
  refuseFaulty(handlers: Type): void;
  lane(keyByKey: KeyByKey): Lane;
  /** Resolves once a group that begins with states may be joined, or `mayGoOn` says no. Rejects with what prevents it. */
  seedGroup(group: string, mayGoOn: () => boolean): Promise<void>;
}
