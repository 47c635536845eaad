import type { Progress } from './progress.js';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** What the help puts after the name: `<url>`. Only for strings. */
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

/** Everything a command is given. */
export interface Call<Argument extends string = string, Given extends Options = Options> {
  readonly args: Readonly<Record<Argument, string>>;
  readonly rest: readonly string[];
  readonly options: { readonly [Name in keyof Given]: ValueOf<Given[Name]> };
  readonly env: NodeJS.ProcessEnv;
  /** Goes to stderr, so that stdout stays what was asked for. */
  readonly progress: Progress;
  /** Aborted by the first Ctrl-C: stop between two steps and return what has been done; a second one kills. */
  readonly signal: AbortSignal;
}

/** What a command found or did. `text` is for people; `json` for programs, printed instead of it with `--json`. */
export interface Outcome {
  readonly text: string;
  readonly json: unknown;
  /** Exit code 1: it ran, and the answer is no, or not everything worked. */
  readonly failed?: boolean;
}

export interface Command {
  /** The words after `nestbox`: `dead-letters list`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Names of what has to follow the words: `['letter']` for `dead-letters show <letter>`. */
  readonly args: readonly string[];
  /** What any number of further words are: `letter` for `dead-letters redrive [letter…]`. */
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

/** `--json` and `--help` come by themselves. Heavy imports belong into `run`: every call of `nestbox` loads this file. */
export function defineCommand<
  const Argument extends string = never,
  const Given extends Options = Record<never, never>,
>(command: Definition<Argument, Given>): Command {
  return { args: [], options: {}, ...command, run: (call) => command.run(call as unknown as Call<Argument, Given>) };
}
