import type { Command, Outcome } from './command.js';
import { commands } from './commands.js';
import { Fault } from './fault.js';
import { helpOf, overview } from './help.js';
import { interruption } from './interruption.js';
import { Progress } from './progress.js';
import { commandIn, commandsUnder, readCall } from './read-call.js';

/** Returns the exit code: 0 done, 1 failed, 2 wrong arguments, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  // A closed pipe (`| head`) is not an error.
  process.stdout.on('error', () => undefined);
  try {
    const command = commandIn(argv, commands);
    return command ? await runCommand(argv, command) : showCommands(argv);
  } catch (error) {
    const fault = error instanceof Fault ? error : undefined;
    process.stderr.write(`${fault ? fault.message : error instanceof Error ? error.stack : String(error)}\n`);
    return fault?.exitCode ?? 1;
  }
}

async function runCommand(argv: readonly string[], command: Command): Promise<number> {
  const { args, rest, options, json, help } = readCall(argv, command);
  if (help) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  const progress = new Progress(process.stderr);
  const signal = interruption(() => progress.note('Stopping; Ctrl-C again kills.'));
  try {
    const outcome = await command.run({ args, rest, options, env: process.env, progress, signal });
    progress.end();
    print(outcome, json);
    return signal.aborted ? 130 : outcome.failed ? 1 : 0;
  } catch (error) {
    if (signal.aborted && (error as Error).name === 'AbortError') return 130;
    throw error;
  } finally {
    progress.end();
  }
}

function print({ text, json }: Outcome, asJson: boolean): void {
  const output = asJson ? JSON.stringify(json, null, 2) : text;
  if (output !== '') process.stdout.write(`${output}\n`);
}

function showCommands(argv: readonly string[]): number {
  const isHelp = argv.includes('--help') || argv[0] === 'help';
  const under = commandsUnder(argv, commands);
  const unknown = argv[0] !== undefined && !argv[0].startsWith('-') && argv[0] !== 'help' && under.length === 0;
  if (unknown) throw new Fault(`There is no command "${argv.join(' ')}": "npx nestbox --help" lists them`, 2);
  const output = isHelp ? process.stdout : process.stderr;
  output.write(overview(under.length > 0 ? under : commands));
  return isHelp ? 0 : 2;
}
