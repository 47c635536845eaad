import { z } from 'zod';

export interface Variable<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  /** The value may contain a password and never appears in a message. */
  readonly secret?: boolean;
}

/** Variables by name. One without a default may be absent. */
export type VariableTable = Readonly<Record<string, Variable>>;
export type ValuesOf<Table extends VariableTable> = { readonly [Name in keyof Table]: z.output<Table[Name]['schema']> };

export const urlOf = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));

/** Returns the valid values, and one line per invalid variable. An empty variable counts as absent. */
export function readTable<Table extends VariableTable>(env: NodeJS.ProcessEnv, table: Table): { values: ValuesOf<Table>; faults: string[] } {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema, expected, secret }] of Object.entries(table)) {
    const text = env[name]?.trim() || undefined;
    const result = schema.safeParse(text);
    values[name] = result.data;
    if (result.success) continue;
    const found = secret ? 'is malformed' : `is ${JSON.stringify(text)?.slice(0, 80)}`;
    faults.push(`${name} ${found}, expected ${expected}`);
  }
  return { values: values as ValuesOf<Table>, faults };
}
