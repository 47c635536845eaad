/**
 * $1: tsquery, $2: all words, $3: most rows. The closest first.
 */
export function exactly(table: 'products' | 'orders', columns: string, id: string): string {
  return `SELECT ${columns} FROM ${table} WHERE document @@ $1::tsquery
    ORDER BY word_similarity($2, words) DESC, ${id} DESC LIMIT $3`;
}

/**
 * As `exactly`, and $4: the longest word, $5: each word. Every word must resemble one of the row's; the longest is asked
 * for apart because an index answers that.
 */
export function roughly(table: 'products' | 'orders', columns: string, id: string): string {
  return `SELECT ${columns} FROM ${table}
    WHERE document @@ $1::tsquery
       OR (words %> $4 AND NOT EXISTS (
         SELECT FROM unnest($5::text[]) AS wanted (word) WHERE NOT words %> wanted.word))
    ORDER BY word_similarity($2, words) DESC, ${id} DESC LIMIT $3`;
}

/** How much of a word's trigrams must be found for `%>`; PostgreSQL's own 0.6 misses two typos in a short word. */
export const RESEMBLANCE = `SELECT set_config('pg_trgm.word_similarity_threshold', '0.35', true)`;

/** Rows in one answer. */
export const MOST_ROWS = 20;
