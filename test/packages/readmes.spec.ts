import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { codeIn } from './readme-code.js';

const root = process.cwd();
const examples = readdirSync(join(root, 'libs'))
  .map((lib) => `libs/${lib}/README.md`)
  .filter((readme) => existsSync(join(root, readme)))
  .flatMap((readme) => codeIn(readFileSync(join(root, readme), 'utf8')).map((code, n) => ({ readme, code, file: join(root, 'libs', `${readme.split('/')[1]}-${n}.readme.ts`) })));

describe('the examples of the READMEs', () => {
  // One program for all: what they share is read once.
  const faults = check(new Map(examples.map(({ file, code }) => [file, code])));

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)('of $readme compile against the libs', ({ file }) => {
    expect(faults.get(file)).toEqual([]);
  });
});

function check(texts: ReadonlyMap<string, string>): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const { fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists.call(host, file);
  host.readFile = (file) => texts.get(file) ?? readFile.call(host, file);
  host.getSourceFile = (file, settings) => {
    const text = host.readFile(file);
    return text === undefined ? undefined : ts.createSourceFile(file, text, settings);
  };
  const program = ts.createProgram([...texts.keys()], { ...options, noEmit: true }, host);
  return new Map([...texts.keys()].map((file) => [file, faultsOf(program, file)]));
}

function faultsOf(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText, start = 0 }) => {
    const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    return `line ${line} of the example: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
