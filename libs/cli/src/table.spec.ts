import { fields, plain, table } from './table.js';

describe('a table of the shell', () => {
  it('aligns its columns under their headings', () => {
    expect(
      table(
        ['APP', 'STATE'],
        [
          ['checkout', 'ready'],
          ['email', 'away'],
        ],
        'nothing',
      ),
    ).toBe('APP       STATE\ncheckout  ready\nemail     away');
  });

  it('says so when there is no row', () => {
    expect(table(['APP'], [], 'Nothing is parked.')).toBe('Nothing is parked.');
  });

  it('lets no text from a message forge a line or steer the terminal', () => {
    expect(plain('a\nb\u001b[2Jc\u202ed')).toBe('a b [2Jc d');
  });

  it('leaves fields without a value out', () => {
    expect(fields({ handler: 'email.confirm-order', code: null, key: '7' })).toBe(
      'handler  email.confirm-order\nkey      7',
    );
  });
});
