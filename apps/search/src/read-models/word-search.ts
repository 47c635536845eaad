import type { UnitOfWork } from '@nestbox/database';
import { wantedIn } from './words.js';

/** Share of a word's trigrams that `%>` requires. PostgreSQL's default of 0.6 misses two typos in a short word. */
const RESEMBLANCE = `SELECT set_config('pg_trgm.word_similarity_threshold', '0.35', true)`;

/** Rows in one answer. */
export const MOST_ROWS = 20;

/** Finds rows of a table by the words in its `document` and `words` columns. Needs a unit of work. */
export class WordSearch<Row extends object> {
  private readonly exactly: string;
  private readonly roughly: string;

  constructor(table: 'products' | 'orders', columns: string, id: string) {
    this.exactly = exactly(table, columns, id);
    this.roughly = roughly(table, columns, id);
  }

  /** Rows with all words of the question; if there are none, rows with similar words. */
  async find(unitOfWork: UnitOfWork, question: string): Promise<Row[]> {
    const wanted = wantedIn(question);
    if (!wanted) return [];
    const { exact, swapped, text, longest, words } = wanted;
    const found = await unitOfWork.query<Row>(this.exactly, [exact, text, MOST_ROWS]);
    if (found.length > 0) return found;
    await unitOfWork.query(RESEMBLANCE);
    return unitOfWork.query<Row>(this.roughly, [swapped, text, MOST_ROWS, longest, words]);
  }
}

/** $1: tsquery, $2: all words, $3: row limit. The closest match first. */
function exactly(table: string, columns: string, id: string): string {
  return `SELECT ${columns} FROM ${table} WHERE document @@ $1::tsquery
    ORDER BY word_similarity($2, words) DESC, ${id} DESC LIMIT $3`;
}

/**
 * Like `exactly`, plus $4: the longest word, $5: all words as an array. Every word must resemble a word of the row; the longest
 * has its own condition because an index can answer that.
 */
function roughly(table: string, columns: string, id: string): string {
  return `SELECT ${columns} FROM ${table}
    WHERE document @@ $1::tsquery
       OR (words %> $4 AND NOT EXISTS (
         SELECT FROM unnest($5::text[]) AS wanted (word) WHERE NOT words %> wanted.word))
    ORDER BY word_similarity($2, words) DESC, ${id} DESC LIMIT $3`;
}
