import { parseArgs } from 'node:util';
import { Fault } from '../fault.mjs';

export const help = `npm run planted -- [options]

Plants known bugs in a copy of the repository, one at a time, and runs the tests that must notice each.
A bug that no test notices fails the run. The bugs stand in test/planted.

  --only NAME  only the bugs whose name contains NAME; may be given several times
  --list       names the bugs and plants nothing
  --unit       only the bugs that a .spec notices: needs neither PostgreSQL nor Kafka
  --jobs N     how many bugs at once, each in a copy of its own (default 2)
  --show       prints what jest said about each bug
  --help       this text

REQUIRE_KAFKA=1 fails where Kafka cannot be started; without it, its bugs are left out.
`;

/** @param {string[]} args */
export function readOptions(args) {
  const { jobs, only, list, unit, show, help: helpWanted } = parse(args);
  const count = Number(jobs);
  if (!Number.isInteger(count) || count < 1) throw new Fault(`--jobs must be a whole number above 0, not "${jobs}"`, 2);
  return { jobs: count, only, list, unit, show, helpWanted };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true, default: /** @type {string[]} */ ([]) },
        jobs: { type: 'string', default: '2' },
        list: { type: 'boolean', default: false },
        unit: { type: 'boolean', default: false },
        show: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [fault] = /** @type {Error} */ (error).message.split(/\.\s/);
    throw new Fault(`${fault}: "npm run planted -- --help" lists the options`, 2);
  }
}
