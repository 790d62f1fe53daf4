import type { Reading } from './replay.js';

/** At most so many readings, and the highest and the lowest of each part among them: a chart shows every peak. */
export function thinned(readings: readonly Reading[], most: number): readonly Reading[] {
  if (readings.length <= most) return readings;
  const parts = Math.max(1, Math.floor(most / 2));
  const kept: Reading[] = [];
  for (let part = 0; part < parts; part += 1) {
    const from = Math.floor((part * readings.length) / parts);
    const to = Math.floor(((part + 1) * readings.length) / parts);
    let low = from;
    let high = from;
    for (let at = from + 1; at < to; at += 1) {
      if ((readings[at] as Reading).value < (readings[low] as Reading).value) low = at;
      if ((readings[at] as Reading).value > (readings[high] as Reading).value) high = at;
    }
    for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)])
      kept.push(readings[at] as Reading);
  }
  return kept;
}
