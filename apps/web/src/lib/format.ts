const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size in the largest binary unit of which there is one. */
export function bytesOf(count: number): string {
  const power = count < 1 ? 0 : Math.min(Math.floor(Math.log2(count) / 10), BYTES.length - 1);
  const value = count / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTES[power]}`;
}

/** A whole number with the reader's separators. */
export const countOf = (count: number): string => count.toLocaleString();

/** A count and its noun: `1 job`, `2 jobs`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${countOf(count)} ${count === 1 ? noun : plural}`;
