import { parseArgs } from 'node:util';
import type { BrokerKind } from '../support/brokers.js';
import type { PlanOptions } from './plan.js';

export const help = `npm run torture -- [options]

Runs the whole shop, lets customers order, breaks things on a schedule made from the seed, and looks afterwards
whether anything was lost, doubled or done in the wrong order.

  --broker postgres|kafka  which broker carries the events (default postgres)
  --seed N                 the same seed gives the same faults and targets, in the same rounds (default 1)
  --minutes N              how long customers order (default 10)
  --only kind,kind         only these kinds of fault; --kinds lists them
  --disk                   fill the disk too: everything lies on a small disk of its own then (Linux, root)
  --at-once N              how many faults of different apps run at the same time (default 6; 1 measures each recovery)
  --rate N                 orders per second (default 2)
  --out folder             where report.html and report.json go (default torture-<broker>-<seed>)
  --plan                   print the schedule and end
  --kinds                  print the kinds of fault and end
  --check history.jsonl    check a history of another system: docs/reliability.md has its format
  --write-docs a.json b.json …  write docs/reliability.md from these reports
  --help                   this text

Ctrl-C ends the run in good order, with a report of what was until then.
Exit code: 0 every law held, 1 a law was broken, 2 wrong usage, 3 void: a fault was planned that did not happen.
`;

export class UsageError extends Error {}

export interface TortureOptions extends PlanOptions {
  readonly rate: number;
  readonly out: string;
  readonly show: 'run' | 'help' | 'plan' | 'kinds';
  readonly check?: string;
  /** Reports to write the page from. */
  readonly docs?: readonly string[];
}

const options = {
  broker: { type: 'string', default: 'postgres' },
  seed: { type: 'string', default: '1' },
  minutes: { type: 'string', default: '10' },
  only: { type: 'string' },
  disk: { type: 'boolean', default: false },
  'at-once': { type: 'string', default: '6' },
  rate: { type: 'string', default: '2' },
  out: { type: 'string' },
  plan: { type: 'boolean', default: false },
  kinds: { type: 'boolean', default: false },
  check: { type: 'string' },
  'write-docs': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export function readOptions(args: readonly string[], kinds: readonly string[]): TortureOptions {
  const { values, positionals } = parse(args);
  if (positionals.length > 0 && !values['write-docs']) throw new UsageError(`Nobody knows what "${positionals[0]}" is for: "npm run torture -- --help" lists the options`);
  if (positionals.length === 0 && values['write-docs']) throw new UsageError('--write-docs wants the report.json of at least one run');
  const broker = brokerOf(values.broker);
  const seed = number('--seed', values.seed, (value) => Number.isInteger(value) && value >= 0);
  const only = values.only?.split(',').map((kind) => kind.trim());
  const unknown = only?.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) throw new UsageError(`There is no fault "${unknown}"; there are ${kinds.join(', ')}`);
  return {
    broker,
    seed,
    only,
    minutes: number('--minutes', values.minutes, (value) => value > 0),
    rate: number('--rate', values.rate, (value) => value > 0),
    atOnce: number('--at-once', values['at-once'], (value) => Number.isInteger(value) && value > 0),
    disk: values.disk,
    out: values.out ?? `torture-${broker}-${seed}`,
    show: values.help ? 'help' : values.kinds ? 'kinds' : values.plan ? 'plan' : 'run',
    check: values.check,
    docs: values['write-docs'] ? positionals : undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [fault] = (error as Error).message.split(/\.\s/);
    throw new UsageError(`${fault}: "npm run torture -- --help" lists the options`);
  }
}

function brokerOf(name: string): BrokerKind {
  if (name === 'postgres' || name === 'kafka') return name;
  if (name === 'nats') throw new UsageError('The torture does not run on nats yet: --broker postgres or --broker kafka');
  throw new UsageError(`There is no broker "${name}": --broker postgres or --broker kafka`);
}

function number(name: string, text: string, isRight: (value: number) => boolean): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !isRight(value)) throw new UsageError(`${name} cannot be "${text}"`);
  return value;
}

/** The command that repeats a run. */
export function commandOf({ broker, seed, minutes, only, disk, rate, atOnce }: TortureOptions): string {
  const flags = [`--broker ${broker}`, `--seed ${seed}`, `--minutes ${minutes}`, `--rate ${rate}`, `--at-once ${atOnce}`];
  if (only) flags.push(`--only ${only.join()}`);
  if (disk) flags.push('--disk');
  return `npm run torture -- ${flags.join(' ')}`;
}
