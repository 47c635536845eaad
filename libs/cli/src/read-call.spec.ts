import { defineCommand } from './command.js';
import type { Command } from './command.js';
import { helpOf } from './help.js';
import { commandIn, commandsUnder, readCall } from './read-call.js';

const nothing = async () => ({ text: '', json: null });
const list = defineCommand({ name: 'orders list', summary: 'orders', run: nothing });
const cancel = defineCommand({
  name: 'orders cancel',
  summary: 'cancels an order',
  args: ['order'],
  options: {
    reason: { type: 'string', value: '<text>', about: 'why', required: true },
    app: { type: 'string', multiple: true, about: 'where' },
    'dry-run': { type: 'boolean', about: 'only say what would be done' },
  },
  run: nothing,
});
const commands: Command[] = [list, cancel];

const words = (line: string) => line.split(' ');

describe('a call of the shell', () => {
  it('is for the command that its first words name', () => {
    expect(commandIn(words('orders cancel 7'), commands)).toBe(cancel);
    expect(commandIn(words('orders'), commands)).toBeUndefined();
    expect(commandsUnder(words('orders --help'), commands)).toEqual(commands);
  });

  it('is read into arguments and options by name', () => {
    const call = readCall(words('orders cancel 7 --reason mistake --app a --app b --json'), cancel);
    expect(call).toEqual({
      args: { order: '7' },
      rest: [],
      options: { reason: 'mistake', app: ['a', 'b'], 'dry-run': false },
      json: true,
      help: false,
    });
  });

  it.each([
    ['orders cancel', '<order> and --reason are missing'],
    ['orders cancel 7', '--reason is missing'],
    ['orders cancel 7 8 --reason x', '"8" is too much'],
    ['orders cancel 7 --cause x', "Unknown option '--cause'"],
  ])('%j is refused in one line that says where the help is', (line, fault) => {
    const attempt = () => readCall(words(line), cancel);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringContaining(fault) }));
    expect(attempt).toThrow(/"npx nestbox orders cancel --help" says what there is$/);
  });

  it('asks for help however incomplete it is', () => {
    expect(readCall(words('orders cancel --help'), cancel).help).toBe(true);
    expect(helpOf(cancel)).toMatch(
      /^npx nestbox orders cancel <order> \[options\]\n\ncancels an order\n\n {2}--reason <text> +why \(needed\)/,
    );
  });
});
