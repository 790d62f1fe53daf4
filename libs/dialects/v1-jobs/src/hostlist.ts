/** Names a hostlist stands for at most: `n[1-9999999999]` must not fill the memory. */
const MAX_HOSTS = 10_000;

/** `node-1, node-2, gpu` as `node-[1-2],gpu`: the short form of Flux and Slurm. */
export function toHostlist(names: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const match = /^(.*?)(\d+)$/.exec(name);
    const prefix = match?.[1] ?? name;
    const key = match
      ? `${prefix}\u0000${(match[2] as string).startsWith('0') ? (match[2] as string).length : ''}`
      : `${name}\u0000-`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(match?.[2] ?? '');
  }
  return [...groups]
    .map(([key, numbers]) => {
      const prefix = key.split('\u0000')[0] as string;
      if (numbers.length === 1) return `${prefix}${numbers[0]}`;
      return `${prefix}[${ranges(numbers)}]`;
    })
    .join(',');
}

/** `0,1,2,5` as `0-2,5`. Leading zeros stay. */
export function ranges(numbers: readonly string[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => Number(a) - Number(b));
  const parts: string[] = [];
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end + 1 < sorted.length && Number(sorted[end + 1]) === Number(sorted[end]) + 1) end += 1;
    parts.push(end === at ? (sorted[at] as string) : `${sorted[at]}-${sorted[end]}`);
    at = end + 1;
  }
  return parts.join(',');
}

/** `node[01-03,07],gpu` as its names. What is no hostlist is one name. At most 10,000 names. */
export function fromHostlist(text: string): string[] {
  const names: string[] = [];
  for (const part of text.split(/,(?![^[]*\])/)) {
    const match = /^([^[\]]*)\[([\d,-]+)\]([^[\]]*)$/.exec(part.trim());
    if (!match) {
      if (part.trim() !== '') names.push(part.trim());
      continue;
    }
    for (const range of (match[2] as string).split(',')) {
      const [from = '', to = from] = range.split('-');
      for (let n = Number(from); n <= Number(to) && names.length < MAX_HOSTS; n += 1) {
        names.push(`${match[1]}${String(n).padStart(from.length, '0')}${match[3]}`);
      }
    }
    if (names.length >= MAX_HOSTS) break;
  }
  return names.slice(0, MAX_HOSTS);
}
