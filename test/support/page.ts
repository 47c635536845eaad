import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.js';

/** What a page tells its reader to do, or to see. */
export type Step =
  | { readonly kind: 'write' | 'edit'; readonly file: string; readonly text: string }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'see'; readonly json: unknown };

interface Block {
  readonly language: string;
  readonly text: string;
  /** From the line in front of the block, where it is a file's name and nothing else. */
  readonly file?: string;
}

/** Reads the fenced blocks of a page in their order. */
export function stepsOf(page: string): Step[] {
  return blocksOf(readFileSync(join(root, page), 'utf8')).flatMap((block) => steps(block));
}

export function blocksOf(markdown: string): Block[] {
  const fences = /(?:^\*\*`([^`]+)`\*\*\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm;
  return [...markdown.matchAll(fences)].map(([, file, language, text]) => ({ language: language!, text: text!, file }));
}

function steps({ language, text, file }: Block): Step[] {
  if (file !== undefined) return [{ kind: language === 'diff' ? 'edit' : 'write', file, text }];
  if (language === 'json') return [{ kind: 'see', json: JSON.parse(text) }];
  if (language === 'sh') return text.trim().split('\n').map((command) => ({ kind: 'run', command }));
  throw new Error(`Nobody would know what to do with this ${language} block: ${text}`);
}

/** Applies one hunk without line numbers: its old lines must stand in the text exactly once. */
export function applyDiff(text: string, diff: string): string {
  const lines = diff.replace(/\n$/, '').split('\n');
  const side = (mark: string) =>
    lines.filter((line) => line[0] !== mark).map((line) => `${line.slice(1)}\n`).join('');
  const [before, after] = [side('+'), side('-')];
  const found = text.split(before).length - 1;
  if (found !== 1) throw new Error(`These lines stand ${found} times in the file, not once:\n${before}`);
  return text.replace(before, () => after);
}
