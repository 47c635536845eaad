export type SchemaIssues = readonly { readonly message: string; readonly path?: readonly string[] }[];
