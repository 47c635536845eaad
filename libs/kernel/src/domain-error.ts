/** The business says no. Never retried. The HTTP layer maps `kind` to a status; this class knows nothing of HTTP. */
export abstract class DomainError extends Error {
  /** Stable, SCREAMING_SNAKE_CASE, listed in docs/errors.md: `ORDER_ALREADY_SHIPPED`. */
  abstract readonly code: string;
  /** `conflict`: not in the current state. `rule`: never with this input. `missing`: it does not exist. */
  readonly kind: 'conflict' | 'rule' | 'missing' = 'conflict';

  override get name(): string {
    return this.constructor.name;
  }
}
