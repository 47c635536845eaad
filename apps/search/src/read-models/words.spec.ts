import { wantedIn, wordsOf } from './words.js';

describe('words', () => {
  it('are lower case, without accents or punctuation', () => {
    expect(wordsOf('Müsli-Schale, "blau" (2 l)')).toEqual(['musli', 'schale', 'blau', '2', 'l']);
    expect(wordsOf('mug-blue_XL.v2')).toEqual(['mug', 'blue', 'xl', 'v2']);
  });

  it('are found in any script', () => {
    expect(wordsOf('синяя кружка 青いマグ')).toEqual(['синяя', 'кружка', '青いマグ']);
  });

  it('leave nothing of what could steer a query', () => {
    expect(wantedIn(`'); DROP TABLE orders; -- & | ! :* <->`)?.exact).toBe(`'drop':* & 'table':* & 'orders':*`);
    expect(wantedIn(`'' & | ! ( ) :* \\`)).toBeUndefined();
  });

  it('are wanted as beginnings, all of them', () => {
    expect(wantedIn('Blue mu')?.exact).toBe(`'blue':* & 'mu':*`);
  });

  it('are also tried with neighbouring letters swapped', () => {
    expect(wantedIn('mgu')?.swapped).toBe(`('mgu':* | 'gmu':* | 'mug':*)`);
  });

  it('are limited in number', () => {
    expect(wantedIn('mug '.repeat(100))?.words).toHaveLength(8);
  });
});
