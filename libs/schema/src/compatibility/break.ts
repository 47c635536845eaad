/** One reason why what a writer may write cannot be read by a reader. */
export interface Break {
  /** Confluent's word for the kind of change where it has one: `TYPE_CHANGED`, `REQUIRED_ATTRIBUTE_ADDED`. */
  readonly kind: string;
  /** Where in the data: `lines[].sku`; empty for the whole. */
  readonly path: string;
  /** Completes "At <path>, …": who asks for what. */
  readonly reason: string;
}

export function member(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

export function items(path: string): string {
  return `${path}[]`;
}

/** `"email"`, or `the whole` for the root. */
export function placeOf(path: string): string {
  return path === '' ? 'the whole' : `"${path}"`;
}
