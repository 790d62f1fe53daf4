/** The command cannot be split into words. */
class UnsplittableCommand extends Error {}

/**
 * Splits a command into words as a POSIX shell would, quotes and backslashes included, and does nothing else a shell
 * does: no variables, no globs, no operators. @throws UnsplittableCommand for an open quote or a backslash at the end
 */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < command.length; at++) {
    const c = command[at] as string;
    const next = command[at + 1];
    if (quote === "'") {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '\\' && (quote === '' || next === '"' || next === '\\')) {
      if (next === undefined) throw new UnsplittableCommand('it ends in a backslash');
      word = (word ?? '') + next;
      at++;
    } else if (quote === '"') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/[ \t\r\n]/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + c;
    }
  }
  if (quote !== '') throw new UnsplittableCommand(`the ${quote} at its end is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}
