/** Suffixes that Prometheus keeps for families of these types. */
const KEPT: Record<string, readonly string[]> = {
  total: ['counter'],
  count: ['histogram', 'summary'],
  sum: ['histogram', 'summary'],
  bucket: ['histogram'],
};

/**
 * The name that Prometheus's own check likes for a family: `_total` belongs to counters, `_count`, `_sum` and `_bucket`
 * to histograms and summaries. Elsewhere the suffix becomes `_number`; a counter without `_total` gets it.
 */
export function likedName(name: string, type: string): string {
  const [, base = '', suffix = ''] = /^(.+)_(total|count|sum|bucket)$/.exec(name) ?? [];
  if (type === 'untyped') return name;
  if (suffix !== '' && !KEPT[suffix]?.includes(type))
    return type === 'counter' ? `${base}_number_total` : `${base}_number`;
  return type === 'counter' && suffix === '' ? `${name}_total` : name;
}

/** An exposition with the names of {@link likedName}. A family keeps its name where the other one is taken. */
export function withLikedNames(text: string): string {
  const names = new Map<string, string>();
  const taken = new Set(Array.from(text.matchAll(/^# TYPE (\S+) /gm), ([, name = '']) => name));
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)/gm)) {
    const liked = likedName(name, type);
    if (liked === name || taken.has(liked)) continue;
    taken.add(liked);
    names.set(name, liked);
  }
  if (names.size === 0) return text;
  return text.replace(/^(# (?:HELP|TYPE) )?([a-zA-Z_:][\w:]*)/gm, (line, comment: string | undefined, name: string) => {
    const liked = names.get(name);
    return liked === undefined ? line : `${comment ?? ''}${liked}`;
  });
}
