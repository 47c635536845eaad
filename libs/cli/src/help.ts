import type { Command, Options } from './command.js';

const always: Options = {
  json: { type: 'boolean', about: 'print JSON for programs instead of text' },
  help: { type: 'boolean', about: 'this text' },
};

export function helpOf(command: Command): string {
  const words = `npx nestbox ${usage(command)}`;
  const more = command.more ? `\n${command.more.trim()}\n` : '';
  return `${words} [options]\n\n${command.summary}\n\n${optionLines({ ...command.options, ...always })}\n${more}`;
}

export function overview(commands: readonly Command[]): string {
  const names = commands.map(usage);
  const width = Math.max(...names.map((name) => name.length));
  const lines = commands.map(({ summary }, n) => `  ${names[n]!.padEnd(width)}  ${summary}`);
  return `npx nestbox <command> [options]\n\n${lines.join('\n')}\n\n"npx nestbox <command> --help" lists a command's options.\n`;
}

function usage({ name, args, rest }: Command): string {
  return [name, ...args.map((arg) => `<${arg}>`), ...(rest ? [`[${rest}…]`] : [])].join(' ');
}

function optionLines(options: Options): string {
  const names = Object.entries(options).map(([name, { value }]) => `--${name}${value ? ` ${value}` : ''}`);
  const width = Math.max(...names.map((name) => name.length));
  const abouts = Object.values(options).map(({ about, required }) => (required ? `${about} (needed)` : about));
  return names.map((name, n) => `  ${name.padEnd(width)}  ${abouts[n]}`).join('\n');
}
