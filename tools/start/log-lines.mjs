import { createInterface } from 'node:readline';

/** @typedef {{ level: string, text: string }} LogLine */

const serious = new Set(['warn', 'error', 'fatal']);

/**
 * Hands on what a process prints, line by line. Lines that are not JSON come from Node itself (a crash) and are errors.
 * @param {import('node:stream').Readable} stream
 * @param {(raw: string, line: LogLine) => void} onLine
 */
export function readLogLines(stream, onLine) {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (raw) => {
    if (raw) onLine(raw, parse(raw));
  });
}

/** @param {LogLine} line */
export function isSerious({ level }) {
  return serious.has(level);
}

/** @param {string} raw @returns {LogLine} */
function parse(raw) {
  try {
    const { level, message, context } = JSON.parse(raw);
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    return { level: level === 'log' ? 'info' : String(level), text: context ? `${context}: ${text}` : text };
  } catch {
    return { level: 'error', text: raw };
  }
}
