// C0 without tab and line feed, DEL, C1 (0x9b alone starts a terminal sequence), line and paragraph separators, and the
// marks that reorder text: each can forge a line or hide one.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text from anywhere, made safe for a terminal: escapes are shown, and every further line is marked as continued. */
export function neutralise(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, escape).replace(/\n/g, '\n    | ');
}

/** The same for one line of JSON, where C0 and line feeds are escaped already. */
export function neutraliseJson(json: string): string {
  return json.replace(UNSAFE, escape);
}
