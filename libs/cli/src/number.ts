import { Fault } from './fault.js';

/** Parses an option that must be a number above 0; undefined when it is absent. */
export function positive(option: string, text: string | undefined, { whole = false } = {}): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const isRight = value > 0 && Number.isFinite(value) && (!whole || Number.isInteger(value));
  if (!isRight) throw new Fault(`--${option} is a ${whole ? 'whole ' : ''}number above 0, not "${text}"`, 2);
  return value;
}
