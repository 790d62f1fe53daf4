/** The name that was probably meant: at most two edits away (a third of a short word), else null. */
export function closest(given: string, known: readonly string[]): string | null {
  if (given.length > 60) return null;
  let best: { name: string; edits: number } | null = null;
  for (const name of known) {
    const edits = distance(given.toLowerCase(), name.toLowerCase());
    if (edits <= Math.max(1, Math.min(2, Math.floor(name.length / 3))) && edits < (best?.edits ?? Infinity))
      best = { name, edits };
  }
  return best?.name ?? null;
}

/** Edits between two short words; two letters that changed places count as one. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1);
      row.push(least);
    }
  }
  return at(a.length, b.length);
}
