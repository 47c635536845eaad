import { ExactNumber, numberFrom, numberKey } from './exact-number.js';
import { SchemaError } from './schema.error.js';

const MAX_DEPTH = 500;

export interface ExactJsonOptions {
  /** Takes comments as Avro's own parser does. */
  readonly comments?: boolean;
}

/** Parses JSON without rounding numbers (see ExactNumber). Throws SchemaError. */
export function parseExactJson(text: string, { comments = false }: ExactJsonOptions = {}): unknown {
  // The engine's own parser is faster; a number that it would round has a long run of digits, or an exponent.
  if (!/\d[\d.]{15}|\d[eE]/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      if (!comments) throw new SchemaError((cause as Error).message, { cause });
    }
  }
  return new Parser(text, comments).whole();
}

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly comments: boolean,
  ) {}

  whole(): unknown {
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) this.fail();
    return value;
  }

  private value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SchemaError(`The JSON is nested deeper than ${MAX_DEPTH}.`);
    this.skip();
    const first = this.text[this.at];
    if (first === '{') return this.object(depth);
    if (first === '[') return this.list(depth);
    if (first === '"') return this.string();
    const word = this.take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
    return /^[tfn]/.test(word) ? (JSON.parse(word) as unknown) : numberFrom(word);
  }

  private object(depth: number): unknown {
    const entries: Record<string, unknown> = {};
    this.each('}', () => {
      const name = this.string();
      this.expect(':');
      // Also a member called __proto__ is only a member.
      Object.defineProperty(entries, name, { value: this.value(depth + 1), enumerable: true, configurable: true, writable: true });
    });
    return entries;
  }

  private list(depth: number): unknown {
    const values: unknown[] = [];
    this.each(']', () => values.push(this.value(depth + 1)));
    return values;
  }

  private each(end: string, one: () => void): void {
    this.at++;
    this.skip();
    if (this.text[this.at] === end) return void this.at++;
    for (;;) {
      this.skip();
      one();
      this.skip();
      if (this.text[this.at] === end) return void this.at++;
      this.expect(',');
    }
  }

  private string(): string {
    const literal = this.take(/"(?:[^"\\]|\\.)*"/y);
    try {
      return JSON.parse(literal) as string;
    } catch {
      return this.fail();
    }
  }

  private expect(sign: string): void {
    this.skip();
    if (this.text[this.at++] !== sign) this.fail();
  }

  private take(token: RegExp): string {
    token.lastIndex = this.at;
    const [found] = token.exec(this.text) ?? [];
    if (found === undefined) return this.fail();
    this.at += found.length;
    return found;
  }

  private skip(): void {
    const blank = this.comments ? /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*)*/y : /\s*/y;
    blank.lastIndex = this.at;
    this.at += blank.exec(this.text)![0].length;
  }

  private fail(): never {
    throw new SchemaError(`No JSON at character ${this.at} of ${this.text.length}.`);
  }
}

/** The JSON text of a value, its exact numbers as they were read. */
export function exactJson(value: unknown): string {
  return write(value, (number) => number.text, Object.keys);
}

/** One text for every spelling of the same JSON value: members sorted, numbers alike. */
export function valueKey(value: unknown): string {
  return write(value, numberKey, (object) => Object.keys(object).sort());
}

type Names = (object: object) => string[];

function write(value: unknown, number: (value: ExactNumber) => string, names: Names): string {
  if (value instanceof ExactNumber) return number(value);
  if (Array.isArray(value)) return `[${value.map((one) => write(one, number, names)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = names(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${write((value as Record<string, unknown>)[name], number, names)}`).join(',')}}`;
}
