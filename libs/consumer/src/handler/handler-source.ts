import type { BoundHandler } from './handler-registry.js';

/** PORT: handlers that are not methods with a decorator, such as sagas. */
export interface HandlerSource {
  ids(): readonly string[];
  /** `taken`: those that are bound already. Throws HANDLER_INVALID for an id that is taken, or one that cannot work. */
  bind(taken: readonly BoundHandler[]): BoundHandler[];
}
