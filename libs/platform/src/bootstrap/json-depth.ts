import { BadRequestException } from '@nestjs/common';

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((c) => c.charCodeAt(0));

/** Measures a body's nesting before parsing: recursive code would overflow the stack on a deep one. */
export function refuseDeepJson(limit: number): (request: unknown, response: unknown, body: Buffer) => void {
  return (_request, _response, body) => {
    if (jsonDepth(body, limit) <= limit) return;
    throw new BadRequestException({ code: 'BODY_TOO_DEEP', message: `The body is nested deeper than ${limit} levels.` });
  };
}

/** The nesting depth, counted up to `limit` + 1. */
export function jsonDepth(json: Buffer, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length && deepest <= limit; at++) {
    const byte = json[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return deepest;
}
