import { parseArgs } from 'node:util';
import { Fault } from '../fault.mjs';

export const help = `npm run order -- [options]

  --count N   how many orders (default 10)
  --rate N    orders per second (default 2)
  --help      this text

PORT_BASE (default 3000) says which shop.
`;

/** @param {string[]} args */
export function readOptions(args) {
  const { count, rate, help: helpWanted } = parse(args);
  return {
    count: positive('--count', count, Number.isInteger),
    rate: positive('--rate', rate, Number.isFinite),
    helpWanted,
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        count: { type: 'string', default: '10' },
        rate: { type: 'string', default: '2' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [fault] = /** @type {Error} */ (error).message.split(/\.\s/);
    throw new Fault(`${fault}: "npm run order -- --help" lists the options`, 2);
  }
}

/** @param {string} name @param {string} text @param {(value: number) => boolean} isRight */
function positive(name, text, isRight) {
  const value = Number(text);
  if (text.trim() === '' || !isRight(value) || value <= 0)
    throw new Fault(`${name} must be a number above 0, not "${text}"`, 2);
  return value;
}
