/** Splits a text into words: lower case, no accents, letters and digits only. Used for stored text and for queries. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const MOST_WORDS = 8;

/** A search text in the forms that PostgreSQL's indexes need. */
export interface Wanted {
  readonly words: readonly string[];
  readonly text: string;
  /** Matches each word as a prefix. */
  readonly exact: string;
  /** The same, plus each word with two neighbouring letters swapped: trigrams miss such typos in short words. */
  readonly swapped: string;
  /** The most selective word. */
  readonly longest: string;
}

/** Undefined when the text contains no words. */
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

// Words contain only letters and digits, so they cannot close the quotes.
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
