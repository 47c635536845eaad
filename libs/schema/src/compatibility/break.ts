/** One reason why a reader cannot read a writer's data. */
export interface Break {
  /** Confluent's name for the kind of change, if any: `TYPE_CHANGED`, `REQUIRED_ATTRIBUTE_ADDED`. */
  readonly kind: string;
  /** Path in the data: `lines[].sku`; empty for the root. */
  readonly path: string;
  /** Completes "At <path>, …". */
  readonly reason: string;
  /** A value, as JSON, that the writer's schema allows and the reader's refuses, where one was found. */
  readonly counterexample?: string;
}

export function member(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

export function items(path: string): string {
  return `${path}[]`;
}

/** `"email"`, or `the whole` for the root. */
export function describePath(path: string): string {
  return path === '' ? 'the whole' : `"${path}"`;
}
