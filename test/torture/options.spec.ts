import { commandOf, readOptions } from './options.js';

const kinds = ['app-killed', 'link-cut'];

describe('The options of the torture', () => {
  it('repeat a run by the command that a report gives', () => {
    const options = readOptions(['--broker', 'kafka', '--seed', '7', '--minutes', '2', '--only', 'link-cut'], kinds);
    const again = commandOf(options);
    expect(again).toBe('npm run torture -- --broker kafka --seed 7 --minutes 2 --rate 2 --at-once 6 --only link-cut');
    expect(readOptions(again.split(' -- ')[1]!.split(' '), kinds)).toEqual(options);
  });

  it.each([
    [['--broker', 'nats'], 'The torture does not run on nats yet: --broker postgres or --broker kafka'],
    [['--broker', 'rabbit'], 'There is no broker "rabbit": --broker postgres or --broker kafka'],
    [['--only', 'rain'], 'There is no fault "rain"; there are app-killed, link-cut'],
    [['--minutes', '0'], '--minutes cannot be "0"'],
    [['--at-once', '0'], '--at-once cannot be "0"'],
    [['--seed', 'seven'], '--seed cannot be "seven"'],
    [['--write-docs'], '--write-docs wants the report.json of at least one run'],
    [['--sed', '7'], 'Unknown option \'--sed\''],
    [['7'], 'Nobody knows what "7" is for'],
  ])('refuse %j in one line', (args, fault) => {
    expect(() => readOptions(args, kinds)).toThrow(fault);
  });
});
