import { crc32c } from './crc32c.js';

describe('the checksum of a batch', () => {
  // The check value of the catalogue of CRCs, and the examples of RFC 3720, B.4.
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 255), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
    ['31 to 0', Buffer.from(Array.from({ length: 32 }, (_, n) => 31 - n)), 0x113fdb5c],
  ])('is that of the standard for %s', (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });
});
