import { parseArgs } from 'node:util';
import { Fault } from '../fault.mjs';

export const help = `npm start -- [options]

  --broker postgres   the embedded log (default)
  --broker kafka      Apache Kafka: KAFKA_BROKERS if set, else docker compose, else a local JVM
  --without <app>     leave an app out, to run it yourself with "nest start <app> --watch"; may be repeated
  --env <app>         print the environment of an app as shell exports and exit
  --fresh             forget all data first
  --verbose           show all log lines of the apps, not only warnings and errors
  --help              this text

To run one app by hand, in watch mode, beside the others:
  npm start -- --without checkout
  eval "$(npm start --silent -- --env checkout)" && npx nest start checkout --watch

PORT_BASE (default 3000) moves every port, NESTBOX_HOME (default .nestbox) the data.
`;

/**
 * @param {string[]} args
 * @param {string[]} apps names of the apps that exist
 */
export function readOptions(args, apps) {
  const { broker, ...rest } = parse(args);
  if (broker !== 'postgres' && broker !== 'kafka') throw new Fault(`--broker is postgres or kafka, not "${broker}"`, 2);
  for (const app of [...rest.without, ...(rest.env === undefined ? [] : [rest.env])]) {
    if (!apps.includes(app)) throw new Fault(`There is no app "${app}", only ${apps.join(', ')}`, 2);
  }
  return { broker: /** @type {'postgres' | 'kafka'} */ (broker), ...rest };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        broker: { type: 'string', default: 'postgres' },
        without: { type: 'string', multiple: true, default: [] },
        env: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [fault] = /** @type {Error} */ (error).message.split(/\.\s/);
    throw new Fault(`${fault}: "npm start -- --help" lists the options`, 2);
  }
}
