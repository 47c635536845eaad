import { HEADER_COUNT } from '@nestbox/messaging';
import fc from 'fast-check';
import { WireHeaders } from './wire-headers.js';

type Header = readonly [name: string | Buffer, value: string | Buffer | null];

/** Headers in Kafka's record format: lengths in zigzag, seven bits per byte. */
function onTheWire(headers: readonly Header[]): WireHeaders {
  const before = Buffer.from('what comes before them in the record');
  const sized = (part: string | Buffer | null) => {
    if (part === null) return varInt(-1);
    const bytes = Buffer.from(part);
    return Buffer.concat([varInt(bytes.length), bytes]);
  };
  const bytes = headers.flatMap(([name, value]) => [sized(name), sized(value)]);
  return new WireHeaders(Buffer.concat([before, varInt(headers.length), ...bytes]), before.length);
}

function varInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const placed: Header[] = [
  ['ce_id', '0197'], ['ce_type', 'checkout.OrderPlaced.v1'], ['note', 'Grüße,\r\n"so"\\ \u0000 😀'], ['empty', ''], ['none', null],
  ['Grüße', 'an alle'], ['__proto__', 'x'], ['ce_id', 'again'], ['long', 'x'.repeat(20_000)],
];

describe('headers on the wire', () => {
  it('are found by their names, the last where there are several', () => {
    const texts = onTheWire(placed).asText();
    expect([texts.ce_type, texts.ce_id, texts.empty, texts.none, texts.Grüße, texts.long?.length]).toEqual([
      'checkout.OrderPlaced.v1', 'again', '', '', 'an alle', 20_000,
    ]);
    expect([texts.ce_typ, texts.ce_types, texts.at, texts.count, texts.toString]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect('ce_type' in texts).toBe(true);
    expect('at' in texts).toBe(false);
  });

  it('are an object like any other', () => {
    const texts = onTheWire(placed).asText();
    expect(texts.ce_type).toBe('checkout.OrderPlaced.v1');
    expect(Object.keys(texts)).toEqual(['ce_id', 'ce_type', 'note', 'empty', 'none', 'Grüße', '__proto__', 'long']);
    expect({ ...texts, long: undefined }).toMatchObject({ ce_id: 'again', note: 'Grüße,\r\n"so"\\ \u0000 😀', none: '' });
    expect(Object.getPrototypeOf({ ...texts })).toBe(Object.prototype);
    expect(JSON.parse(JSON.stringify(onTheWire([['a', 'b']]).asText()))).toEqual({ a: 'b' });
  });

  it('are what was written, whatever that was', () => {
    const name = fc.string({ maxLength: 200 });
    const value = fc.option(fc.string({ unit: 'grapheme', maxLength: 300 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 32 }), (headers) => {
        const written = Object.fromEntries(headers.map(([one, text]) => [Buffer.from(one).toString(), text ?? '']));
        for (const key of Object.keys(written)) expect(onTheWire(headers).asText()[key]).toBe(written[key]);
        expect({ ...onTheWire(headers).asText() }).toEqual(written);
      }),
    );
  });

  it('say how many they are without being read, and are read no further than is needed to see that they are too many', () => {
    const many = onTheWire(Array.from({ length: 10_000 }, (_, n) => [`h${n}`, 'x']));
    expect((many.asText() as { [HEADER_COUNT]?: number })[HEADER_COUNT]).toBe(10_000);
    expect(Object.keys(many.asText())).toHaveLength(33);
  });

  it('are to other users of kafkajs what they were before', () => {
    const headers = onTheWire([['a', 'b'], ['twice', '1'], ['twice', '2'], ['none', null], [Buffer.from([0xff]), Buffer.from([0xfe])]]).reduce();
    expect(headers.a).toEqual(Buffer.from('b'));
    expect({ ...headers }).toEqual({
      a: Buffer.from('b'), twice: [Buffer.from('1'), Buffer.from('2')], none: null, '\uFFFD': Buffer.from([0xfe]),
    });
    headers.traceparent = 'theirs';
    delete headers.a;
    expect(Object.keys(headers)).toEqual(['twice', 'none', '\uFFFD', 'traceparent']);
    expect(headers).toBeInstanceOf(Object);
    expect(WireHeaders.within({})).toBeUndefined();
  });
});
