/** The part of Standard Schema (standardschema.dev, v1) that contracts need; zod, valibot and arktype implement it. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Validates synchronously. Throws TypeError for an asynchronous schema: contracts are checked inside a transaction. */
export function validateNow<T>(schema: StandardSchema<T>, value: unknown): SchemaResult<T> {
  const result = schema['~standard'].validate(value);
  // `then` also recognises promises of other realms and libraries.
  if ('then' in result) throw new TypeError('A contract schema must validate synchronously.');
  return result;
}

/** `lines.0.sku: Required; userId: Too short`: paths and messages, never the values, which may be personal. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .slice(0, 5)
    .map(({ message, path }) => {
      const at = path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
      return at ? `${at}: ${message}` : message;
    })
    .join('; ');
}
