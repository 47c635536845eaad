import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.cwd();
const CODE = '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{6,}';
const statusOf: Record<string, string> = { conflict: '409', rule: '422', missing: '404' };

/** What runs: neither specs nor what only specs use. */
function sources(): { file: string; text: string }[] {
  return ['apps', 'libs'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\/src\/.*\.ts$/.test(file) && !/spec\.ts$|\.fixture\.ts$|\/testing\//.test(file))
      // What libs/schema says of two schemas are findings, named as registries name them, not errors.
      .filter((file) => !/^schema\/src\//.test(file))
      .map((file) => ({ file: join(top, file), text: readFileSync(join(root, top, file), 'utf8') })),
  );
}

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found!);

/** Unions named …ErrorCode, the `code` of domain errors, and codes that problems are given. */
function codesIn(text: string): string[] {
  const unions = all(text, /^export type \w*ErrorCode =([^;]+);/gm).flatMap((union) => all(union, /'([A-Z_]+)'/g));
  return [...unions, ...all(text, new RegExp(`\\bcode(?: =|:) '(${CODE})'`, 'g'))];
}

/** Rows of the page's tables that begin with a code. */
function rowsIn(page: string): { code: string; cells: string[] }[] {
  return page
    .split('\n')
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
    .flatMap(([first = '', ...cells]) => {
      const code = new RegExp(`^\`(${CODE})\`$`).exec(first)?.[1];
      return code ? [{ code, cells }] : [];
    });
}

describe('docs/errors.md', () => {
  const files = sources();
  const inCode = [...new Set(files.flatMap(({ text }) => codesIn(text)))].sort();
  const rows = rowsIn(readFileSync(join(root, 'docs/errors.md'), 'utf8'));
  const listed = rows.map(({ code }) => code);

  it('lists every code that the source knows', () => {
    expect(inCode.length).toBeGreaterThan(20);
    expect(inCode.filter((code) => !listed.includes(code))).toEqual([]);
  });

  it('lists nothing that does not exist', () => {
    expect(listed.filter((code) => !inCode.includes(code))).toEqual([]);
  });

  it('says of each code what it means, what becomes of it and what to do', () => {
    expect(rows.filter(({ cells }) => cells.length !== 3 || cells.includes(''))).toEqual([]);
  });

  it('gives each refusal of the business the status that its kind leads to', () => {
    const domain = files.flatMap(({ text }) => [
      ...text.matchAll(/readonly code = '(\w+)';(?:\s+override readonly kind = '(\w+)';)?/g),
    ]);
    expect(domain.length).toBeGreaterThan(5);
    for (const [, code, kind = 'conflict'] of domain) {
      expect([code, rows.find((row) => row.code === code)?.cells[1]]).toEqual([code, statusOf[kind]]);
    }
  });
});

describe('the unions of error codes', () => {
  it.each(['EventingError', 'DatabaseError'])('of %s hold no code that nothing throws', (name) => {
    const union = sources().flatMap(({ text }) => all(text, new RegExp(`^export type ${name}Code =([^;]+);`, 'gm')));
    const thrown = new Set(
      sources().flatMap(({ text }) => all(text, new RegExp(`new ${name}\\(\\s*'(\\w+)'`, 'g'))),
    );
    const codes = union.flatMap((text) => all(text, /'(\w+)'/g));
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !thrown.has(code))).toEqual([]);
  });
});
