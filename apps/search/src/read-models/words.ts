/** A text as its words: lower case, without accents, letters and digits only. What is stored and what is asked alike. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const MOST_WORDS = 8;

/** What somebody looks for, in the forms that PostgreSQL's indexes take. */
export interface Wanted {
  readonly words: readonly string[];
  readonly text: string;
  /** Each word, or a beginning of one. */
  readonly exact: string;
  /** The same, each word also with two neighbouring letters swapped: short words share too few trigrams with those. */
  readonly swapped: string;
  /** The word that says most. */
  readonly longest: string;
}

/** Undefined when nothing is left to look for. */
export function wantedIn(question: string): Wanted | undefined {
  const words = wordsOf(question).slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  return {
    words,
    text: words.join(' '),
    exact: words.map(prefix).join(' & '),
    swapped: words.map((word) => `(${swapsOf(word).map(prefix).join(' | ')})`).join(' & '),
    longest: words.reduce((longest, word) => (word.length > longest.length ? word : longest)),
  };
}

// Words hold letters and digits only, so nothing can end the quotes.
const prefix = (word: string): string => `'${word}':*`;

function swapsOf(word: string): string[] {
  const letters = [...word].slice(0, 12);
  const swaps = letters.slice(1).map((_, at) => {
    const swapped = [...letters];
    [swapped[at], swapped[at + 1]] = [letters[at + 1]!, letters[at]!];
    return swapped.join('');
  });
  return [...new Set([word, ...swaps])];
}
