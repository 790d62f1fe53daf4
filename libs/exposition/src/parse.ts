import { parseLabels } from './names.js';

interface Sample {
  /** The name as it stands before the labels. */
  name: string;
  labels: [key: string, value: string][];
  /** May be NaN or infinite. */
  value: number;
}

interface Family {
  name: string;
  /** The type that its TYPE line says; `untyped` without one. */
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';
  help: string;
  samples: Sample[];
}

export interface Parsed {
  families: Family[];
  /** Lines that are no exposition; they are left out. */
  faults: { line: number; text: string }[];
}

const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
/**
 * Go's ParseFloat, as far as exporters use it. One way to read any text: a target's endless digits must not be tried in
 * all their parts.
 */
const NUMBER = /^[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|[iI]nf|NaN|nan)$/;

/**
 * Reads the Prometheus text format (0.0.4), and what of OpenMetrics looks like it. Lenient as Prometheus' own readers
 * of third-party exporters have to be: families may be split, HELP may be empty, blanks may stand between labels, a
 * line that cannot be read costs only itself. Timestamps and exemplars are dropped.
 */
export function parseExposition(text: string): Parsed {
  const families = new Map<string, Family>();
  const faults: Parsed['faults'] = [];
  const family = (name: string): Family => {
    let known = families.get(name);
    if (!known) families.set(name, (known = { name, type: 'untyped', help: '', samples: [] }));
    return known;
  };
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] as string).trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      const meta = /^#[ \t]+(HELP|TYPE)[ \t]+(\S+)[ \t]*(.*)$/.exec(line);
      if (!meta) continue;
      const [, kind, name = '', rest = ''] = meta;
      if (kind === 'HELP') family(name).help = rest.replace(/\\([\\n])/g, (_, c: string) => (c === 'n' ? '\n' : '\\'));
      else if (TYPES.has(rest.toLowerCase())) family(name).type = rest.toLowerCase() as Family['type'];
      continue;
    }
    const sample = parseSample(line);
    if (sample) ownerOf(families, sample.name, family).samples.push(sample);
    else faults.push({ line: at + 1, text: line.slice(0, 200) });
  }
  return { families: [...families.values()], faults };
}

function parseSample(line: string): Sample | null {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return null;
  let at = name.length;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  let labels: [string, string][] = [];
  if (line[at] === '{') {
    const parsed = parseLabels(line, at);
    if (!parsed) return null;
    labels = parsed.labels;
    at = parsed.end;
  } else if (at === name.length) return null;
  const [value = '', timestamp, ...more] = line
    .slice(at)
    .trim()
    .split(/[ \t]+/);
  if (!NUMBER.test(value)) return null;
  if (timestamp !== undefined && timestamp !== '#' && !/^-?\d+(\.\d+)?$/.test(timestamp)) return null;
  if (more.length > 0 && more[0] !== '#' && timestamp !== '#') return null;
  return { name, labels, value: /inf/i.test(value) ? (value.startsWith('-') ? -Infinity : Infinity) : Number(value) };
}

/** The family a sample belongs to: its own, or the histogram or summary whose part it is. */
function ownerOf(families: Map<string, Family>, name: string, family: (name: string) => Family): Family {
  if (families.has(name)) return families.get(name) as Family;
  const part = /^(.+)_(bucket|sum|count|total|created)$/.exec(name);
  const owner = part ? families.get(part[1] as string) : undefined;
  if (owner) {
    if (owner.type === 'histogram' || (owner.type === 'summary' && part?.[2] !== 'bucket')) return owner;
    // OpenMetrics names the family without the suffix of its samples.
    if (owner.type === 'counter' && (part?.[2] === 'total' || part?.[2] === 'created')) return owner;
  }
  return family(name);
}
