/** The words of a task's name by which it is found: lower case, split at whatever is neither letter nor digit. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])];
}
