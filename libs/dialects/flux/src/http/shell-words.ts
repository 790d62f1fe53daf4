/** Thrown for text that is no list of words. */
export class Unbalanced extends Error {}

/**
 * Splits as a POSIX shell splits words: blanks, quotes, backslashes. Nothing is expanded, no shell runs.
 *
 * @throws Unbalanced
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at] as string;
    if (quote === "'") {
      if (c === "'") quote = null;
      else word += c;
    } else if (c === '\\') {
      const next = text[at + 1];
      if (next === undefined) throw new Unbalanced('No escaped character');
      at += 1;
      // Between double quotes a backslash only escapes what would be special there.
      if (next === '\n') continue;
      word = (word ?? '') + (quote === '"' && !'"\\$`'.includes(next) ? c + next : next);
    } else if (quote === '"') {
      if (c === '"') quote = null;
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (quote !== null) throw new Unbalanced('No closing quotation');
  if (word !== null) words.push(word);
  return words;
}
