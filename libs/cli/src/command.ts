import type { Progress } from './progress.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** Placeholder in the help: `<url>`. Only for strings. */
  readonly value?: string;
  readonly about: string;
  readonly multiple?: boolean;
  readonly required?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { multiple: true }
    ? readonly string[]
    : O extends { required: true }
      ? string
      : string | undefined;

/** The input of a command. */
export interface Call<Argument extends string = string, Given extends Options = Options> {
  readonly args: Readonly<Record<Argument, string>>;
  readonly rest: readonly string[];
  readonly options: { readonly [Name in keyof Given]: ValueOf<Given[Name]> };
  readonly env: NodeJS.ProcessEnv;
  /** Writes to stderr, so that stdout holds only the result. */
  readonly progress: Progress;
  /** Aborted by the first Ctrl-C: stop between two steps and return what was done. A second Ctrl-C kills the process. */
  readonly signal: AbortSignal;
}

/** The result of a command: `text` for people, or with `--json` the `json` for programs. */
export interface Outcome {
  readonly text: string;
  readonly json: unknown;
  /** Exit code 1: the command ran, but the answer is no, or something failed. */
  readonly failed?: boolean;
}

export interface Command {
  /** The words after `nestbox`: `dead-letters list`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Required arguments: `['letter']` for `dead-letters show <letter>`. */
  readonly args: readonly string[];
  /** Name of any number of further arguments: `letter` for `dead-letters redrive [letter…]`. */
  readonly rest?: string;
  readonly options: Options;
  /** Further lines of the help. */
  readonly more?: string;
  run(call: Call): Promise<Outcome>;
}

interface Definition<Argument extends string, Given extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly args?: readonly Argument[];
  readonly rest?: string;
  readonly options?: Given;
  readonly more?: string;
  run(call: Call<Argument, Given>): Promise<Outcome>;
}

/** Adds `--json` and `--help`. Import heavy modules inside `run`: every call of `nestbox` loads all command files. */
export function defineCommand<
  const Argument extends string = never,
  const Given extends Options = Record<never, never>,
>(command: Definition<Argument, Given>): Command {
  return { args: [], options: {}, ...command, run: (call) => command.run(call as unknown as Call<Argument, Given>) };
}
