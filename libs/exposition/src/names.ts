/** `base{labels}` taken apart. */
export interface ParsedName {
  base: string;
  labels: [key: string, value: string][];
}

/** Everything before the first `{`. */
export function baseOf(name: string): string {
  const at = name.indexOf('{');
  return at < 0 ? name : name.slice(0, at);
}

/** A name with `{` and no `}` cannot be told apart from its labels. */
export function hasUnmatchedBrace(name: string): boolean {
  return name.includes('{') && !name.includes('}');
}

const escapeValue = (value: string): string => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

/** `base{key="value",key2="value2"}`, labels sorted by key, no blanks; without labels the base alone. */
export function formatName(base: string, labels: Iterable<readonly [string, string]>): string {
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (sorted.length === 0) return base;
  return `${base}{${sorted.map(([key, value]) => `${key}="${escapeValue(value)}"`).join(',')}}`;
}

/** Reads a label block from `{` on. Null when it is not well-formed. `end` is the index after `}`. */
export function parseLabels(text: string, start: number): { labels: [string, string][]; end: number } | null {
  const labels: [string, string][] = [];
  let at = start + 1;
  const blanks = (): void => {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
  };
  for (;;) {
    blanks();
    if (text[at] === '}') return { labels, end: at + 1 };
    const key = /^[a-zA-Z_][a-zA-Z0-9_]*/.exec(text.slice(at, at + 1_024))?.[0];
    if (key === undefined) return null;
    at += key.length;
    blanks();
    if (text[at] !== '=') return null;
    at += 1;
    blanks();
    if (text[at] !== '"') return null;
    at += 1;
    let value = '';
    for (;;) {
      const c = text[at];
      if (c === undefined || c === '\n') return null;
      at += 1;
      if (c === '"') break;
      if (c !== '\\') {
        value += c;
        continue;
      }
      const escaped = text[at];
      if (escaped === undefined) return null;
      value += escaped === 'n' ? '\n' : escaped === '"' || escaped === '\\' ? escaped : `\\${escaped}`;
      at += 1;
    }
    labels.push([key, value]);
    blanks();
    if (text[at] === ',') at += 1;
    else if (text[at] !== '}') return null;
  }
}

/** Null when the labels are not well-formed. */
export function parseName(name: string): ParsedName | null {
  const base = baseOf(name);
  if (base === name) return { base, labels: [] };
  const parsed = parseLabels(name, base.length);
  return parsed && parsed.end === name.length ? { base, labels: parsed.labels } : null;
}
