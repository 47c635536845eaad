import { HEADER_COUNT, MAX_HEADERS } from '@nestbox/messaging';
import type { IHeaders } from 'kafkajs';

const WIRE = Symbol('raw headers');

/**
 * The raw headers of one record, decoded on demand: a consumer needs two or three of ten, a million times, while kafkajs
 * makes a buffer and a new object for each.
 */
export class WireHeaders {
  private at = 0;
  private asBytes: IHeaders | undefined;
  private asTexts: Record<string, string> | undefined;

  /** `start`: position of the header count, which precedes the headers. */
  constructor(
    private readonly bytes: Buffer,
    private readonly start: number,
  ) {}

  /** The raw headers of a record read by a patched kafkajs. */
  static within(headers: IHeaders | undefined): WireHeaders | undefined {
    return (headers as { [WIRE]?: WireHeaders } | undefined)?.[WIRE];
  }

  /** kafkajs takes this object for its array of headers, and calls `reduce` on it. */
  reduce(): IHeaders {
    return new Proxy(this, AS_KAFKAJS) as unknown as IHeaders;
  }

  asText(): Readonly<Record<string, string>> {
    return new Proxy(this, AS_TEXT) as unknown as Record<string, string>;
  }

  get count(): number {
    this.at = this.start;
    return this.varInt();
  }

  /** The last header of this name; undefined when there is none. */
  text(name: string): string | undefined {
    if (this.asTexts || !isAscii(name)) return Object.hasOwn(this.texts(), name) ? this.texts()[name] : undefined;
    const end = this.find(name);
    return end < 0 ? undefined : this.bytes.toString('utf8', this.at, end);
  }

  /** Undefined when the header is missing or empty. */
  lastByte(name: string): number | undefined {
    const end = this.find(name);
    return end > this.at ? this.bytes[end - 1] : undefined;
  }

  /** At most one more than a record may have: enough to notice that there are too many. */
  texts(): Record<string, string> {
    return (this.asTexts ??= Object.fromEntries(this.all().map(([name, value]) => [name, value?.toString() ?? ''])));
  }

  /** In kafkajs' form: repeated headers are an array. */
  values(): IHeaders {
    if (this.asBytes) return this.asBytes;
    const values = new Map<string, Buffer | Buffer[]>();
    for (const [name, value] of this.all()) {
      const before = values.get(name);
      values.set(name, before === undefined ? value! : [before, value!].flat());
    }
    return (this.asBytes = Object.fromEntries(values));
  }

  /** Moves to the value of the last header with this ASCII name; returns where the value ends, or -1. */
  private find(name: string): number {
    let [start, end] = [0, -1];
    for (let left = this.count; left > 0; left--) {
      const length = this.varInt();
      const isIt = length === name.length && this.spells(name);
      this.at += length;
      const bytes = Math.max(0, this.varInt());
      if (isIt) [start, end] = [this.at, this.at + bytes];
      this.at += bytes;
    }
    this.at = start;
    return end;
  }

  private all(): [name: string, value: Buffer | null][] {
    const found: [string, Buffer | null][] = [];
    for (let left = Math.min(this.count, MAX_HEADERS + 1); left > 0; left--) {
      found.push([this.next()?.toString() ?? '', this.next()]);
    }
    return found;
  }

  private next(): Buffer | null {
    const length = this.varInt();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private spells(name: string): boolean {
    for (let n = 0; n < name.length; n++) if (this.bytes[this.at + n] !== name.charCodeAt(n)) return false;
    return true;
  }

  /** Zigzag, seven bits a byte, least significant first. */
  private varInt(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]!;
      result |= (byte & 0x7f) << shift;
      if (!(byte & 0x80)) return (result >>> 1) ^ -(result & 1);
    }
  }
}

const AS_TEXT: ProxyHandler<WireHeaders> = {
  get: (headers, name) => {
    if (typeof name === 'string') return headers.text(name);
    return name === HEADER_COUNT ? headers.count : undefined;
  },
  has: (headers, name) => Object.hasOwn(headers.texts(), name),
  ownKeys: (headers) => Reflect.ownKeys(headers.texts()),
  getOwnPropertyDescriptor: (headers, name) => Reflect.getOwnPropertyDescriptor(headers.texts(), name),
  getPrototypeOf: () => Object.prototype,
};

/** An ordinary object for other users of kafkajs in this process. */
const AS_KAFKAJS: ProxyHandler<WireHeaders> = {
  get: (headers, name) => (name === WIRE ? headers : Reflect.get(headers.values(), name)),
  set: (headers, name, value) => Reflect.set(headers.values(), name, value),
  has: (headers, name) => Reflect.has(headers.values(), name),
  ownKeys: (headers) => Reflect.ownKeys(headers.values()),
  getOwnPropertyDescriptor: (headers, name) => Reflect.getOwnPropertyDescriptor(headers.values(), name),
  defineProperty: (headers, name, descriptor) => Reflect.defineProperty(headers.values(), name, descriptor),
  deleteProperty: (headers, name) => Reflect.deleteProperty(headers.values(), name),
  getPrototypeOf: () => Object.prototype,
};

function isAscii(text: string): boolean {
  for (let n = 0; n < text.length; n++) if (text.charCodeAt(n) > 0x7f) return false;
  return true;
}
