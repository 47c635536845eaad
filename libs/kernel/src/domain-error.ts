/** The business says no. Doors translate `kind` (409 or 422); this class knows nothing of HTTP. Never retried. */
export abstract class DomainError extends Error {
  /** Stable, SCREAMING_SNAKE_CASE, listed in docs/errors.md: `ORDER_ALREADY_SHIPPED`. */
  abstract readonly code: string;
  /** `conflict`: not in this state. `rule`: never, with this input. `missing`: there is no such thing. */
  readonly kind: 'conflict' | 'rule' | 'missing' = 'conflict';

  override get name(): string {
    return this.constructor.name;
  }
}
