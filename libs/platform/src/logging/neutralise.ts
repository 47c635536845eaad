// Control characters but tab and line feed (0x9b alone starts a terminal sequence), line and paragraph separators, and
// the marks that reorder text: each can forge a line or hide one.
const UNSAFE = /(?![\t\n])[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text from anywhere, made safe for a terminal: escapes are shown, and every further line is marked as continued. */
export function neutralise(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, escape).replace(/\n/g, '\n    | ');
}

/** The same for one line of JSON, where C0 and line feeds are escaped already. */
export function neutraliseJson(json: string): string {
  return json.replace(UNSAFE, escape);
}
