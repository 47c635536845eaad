export type DatabaseErrorCode =
  | 'NO_UNIT_OF_WORK'
  | 'COMMIT_OUTCOME_UNKNOWN'
  | 'TRANSACTION_ROLLED_BACK'
  | 'VERSION_CONFLICT'
  | 'FENCED'
  | 'TOO_MANY_WAITING'
  | 'CALLER_GONE'
  | 'POOLER_IN_BETWEEN';

/** A database failure that callers must tell apart by `code`. `cause` is the driver's error, if any. */
export class DatabaseError extends Error {
  constructor(
    readonly code: DatabaseErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'DatabaseError';
  }
}

/** The five-character SQLSTATE of a driver error, also when TypeORM has wrapped it. */
export function sqlState(error: unknown): string | undefined {
  for (let at = error as { code?: unknown; cause?: unknown; driverError?: unknown } | undefined, depth = 0; at && depth < 5; depth++) {
    if (typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code;
    at = (at.driverError ?? at.cause) as typeof at;
  }
  return undefined;
}
