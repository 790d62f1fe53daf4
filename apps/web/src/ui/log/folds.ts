/** A group that is folded: its first line shows, the others down to `last` do not. Lines are counted from 1. */
export interface Fold {
  first: number;
  last: number;
}

/** The beginning of a line that begins a group, and of one that ends it. */
export const GROUP = '::group::';
export const GROUP_END = '::endgroup::';

const hiddenIn = ({ first, last }: Fold): number => last - first;

/** Lines that do not show. */
export const hiddenOf = (folds: readonly Fold[]): number => folds.reduce((sum, fold) => sum + hiddenIn(fold), 0);

/** Folds one more group. Those within it are taken in; the list stays in the order of the log. */
export function folded(folds: readonly Fold[], fold: Fold): Fold[] {
  const others = folds.filter(({ first }) => first < fold.first || first > fold.last);
  return [...others, fold].sort((one, other) => one.first - other.first);
}

/** The line of a row, both from 1. */
export function lineOf(folds: readonly Fold[], row: number): number {
  let line = row;
  for (const fold of folds) {
    if (line <= fold.first) break;
    line += hiddenIn(fold);
  }
  return line;
}

/** The row of a line, both from 1; of a line that does not show, the row of its group's first line. */
export function rowOf(folds: readonly Fold[], line: number): number {
  let hidden = 0;
  for (const fold of folds) {
    if (line <= fold.first) break;
    if (line <= fold.last) return fold.first - hidden;
    hidden += hiddenIn(fold);
  }
  return line - hidden;
}

/** The folds without that which hides this line. */
export const opened = (folds: readonly Fold[], line: number): Fold[] =>
  folds.filter(({ first, last }) => line <= first || line > last);
