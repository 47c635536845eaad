// Control characters except tab and line feed (0x9b alone starts a terminal sequence), line and paragraph separators, and
// marks that reorder text: each can fake or hide a log line.
const UNSAFE = /(?![\t\n])[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Makes untrusted text safe for a terminal: escapes become visible, and continuation lines are marked. */
export function neutralise(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, escape).replace(/\n/g, '\n    | ');
}

/** The same for one line of JSON, in which C0 and line feeds are already escaped. */
export function neutraliseJson(json: string): string {
  return json.replace(UNSAFE, escape);
}
