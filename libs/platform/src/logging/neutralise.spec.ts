import { neutralise, neutraliseJson } from './neutralise.js';

describe('text on its way to a log', () => {
  it('cannot forge a line of its own', () => {
    expect(neutralise('sku\nERROR all orders lost')).toBe('sku\n    | ERROR all orders lost');
  });

  it('cannot command the terminal', () => {
    expect(neutralise('\u001b[2J\u009b31m')).toBe('\\u001b[2J\\u009b31m');
  });

  it('stays readable where it is harmless', () => {
    expect(neutralise('Tasse, blau\t12,50 €')).toBe('Tasse, blau\t12,50 €');
  });

  it('stays valid JSON', () => {
    const json = JSON.stringify({ message: 'a\u009bb\u2028c' });
    expect(JSON.parse(neutraliseJson(json))).toEqual({ message: 'a\u009bb\u2028c' });
    expect(neutraliseJson(json)).not.toMatch(/[\u009b\u2028]/);
  });
});
