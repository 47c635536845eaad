import { parseArgs } from 'node:util';
import type { Call, Command } from './command.js';
import { Fault } from './fault.js';

/** The command named by the first words; the longest match wins. */
export function commandIn(argv: readonly string[], commands: readonly Command[]): Command | undefined {
  const found = commands.filter(({ name }) => name.split(' ').every((word, n) => argv[n] === word));
  return found.sort((a, b) => b.name.length - a.name.length)[0];
}

/** The commands that begin with the given words, such as all of `dead-letters`. */
export function commandsUnder(argv: readonly string[], commands: readonly Command[]): readonly Command[] {
  const end = argv.findIndex((word) => word.startsWith('-'));
  const words = argv.slice(0, end === -1 ? argv.length : end);
  return words.length === 0 ? [] : commands.filter(({ name }) => name.startsWith(`${words.join(' ')} `));
}

export interface ReadCall {
  readonly args: Call['args'];
  readonly rest: Call['rest'];
  readonly options: Call['options'];
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws a Fault with exit code 2 for wrong arguments. */
export function readCall(argv: readonly string[], command: Command): ReadCall {
  const { values, positionals } = parse(argv.slice(command.name.split(' ').length), command);
  const { json = false, help = false, ...options } = values as Record<string, boolean | undefined>;
  if (help) return { args: {}, rest: [], options: {}, json, help };
  const missing = [
    ...command.args.slice(positionals.length).map((name) => `<${name}>`),
    ...Object.entries(command.options).flatMap(([name, { required }]) =>
      required && (options as Record<string, unknown>)[name] === undefined ? [`--${name}`] : [],
    ),
  ];
  if (missing.length > 0) throw wrong(command, `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`);
  const rest = positionals.slice(command.args.length);
  if (rest.length > 0 && !command.rest) throw wrong(command, `"${rest.join(' ')}" is too much`);
  const args = Object.fromEntries(command.args.map((name, n) => [name, positionals[n]!]));
  return { args, rest, options: options as unknown as Call['options'], json, help };
}

function parse(argv: string[], command: Command) {
  const given = Object.entries(command.options).map(([name, { type, multiple = false }]) => {
    const absent = type === 'boolean' ? { default: false } : multiple ? { default: [] } : {};
    return [name, { type, multiple, ...absent }];
  });
  const options = { ...Object.fromEntries(given), json: { type: 'boolean' }, help: { type: 'boolean' } };
  try {
    return parseArgs({ args: argv, allowPositionals: true, options });
  } catch (error) {
    throw wrong(command, (error as Error).message.split(/\.\s/)[0]!);
  }
}

function wrong({ name }: Command, fault: string): Fault {
  return new Fault(`${fault}: "npx nestbox ${name} --help" says what there is`, 2);
}
