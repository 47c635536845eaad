/** The examples of a README: what stands between ```ts and ```. */
export function codeIn(readme: string): string[] {
  return [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}
