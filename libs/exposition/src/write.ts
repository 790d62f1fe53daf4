import { currentOf, type Series } from '@drover/domain';
import { baseOf, formatName, parseName } from './names.js';

/** Writes a number so that Prometheus reads the same one back. */
function formatValue(value: number | null): string {
  if (value === null || Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

const escapeHelp = (text: string): string =>
  text.replace(/[\\\n\r]/g, (c) => (c === '\\' ? '\\\\' : c === '\n' ? '\\n' : ' ')).toWellFormed();

/** Any text as a metric name; what is one already is not changed. */
function validBase(base: string): string {
  const changed = base.replace(/[^a-zA-Z0-9_:]/g, '_');
  return changed === '' || /^\d/.test(changed) ? `_${changed}` : changed;
}

/**
 * Any name as one that a reader accepts: bad characters become `_`, labels are quoted anew, a second label of one key
 * is dropped.
 */
export function validName(name: string): string {
  const parsed = parseName(name);
  if (!parsed) return formatName(validBase(baseOf(name)), [['labels', name.slice(baseOf(name).length).toWellFormed()]]);
  const labels = new Map<string, string>();
  for (const [key, value] of parsed.labels)
    if (!labels.has(key) && key !== '__name__') labels.set(key, value.toWellFormed());
  return formatName(validBase(parsed.base), labels);
}

/** Caches `validName`: names are few and come back with every scrape. */
const names = new Map<string, string>();
const NAMES_KEPT = 50_000;
function cachedName(name: string): string {
  let valid = names.get(name);
  if (valid === undefined) {
    if (names.size >= NAMES_KEPT) names.clear();
    names.set(name, (valid = validName(name)));
  }
  return valid;
}

/**
 * The series as families: HELP, TYPE, members, without `# EOF`. The text is valid whatever the names are. `taken`:
 * families that stand elsewhere in the same document; theirs is left out here. `docs`: the HELP of a group by the base
 * name of its members; without it the doc of its first member here.
 */
export function writeExposition(
  series: Iterable<Series>,
  taken: ReadonlySet<string> = new Set(),
  docs: ReadonlyMap<string, string> = new Map(),
): string {
  const families = new Map<string, { help: string; type: string; lines: string[]; seen: Set<string> }>();
  for (const one of series) {
    const name = cachedName(one.name);
    const base = baseOf(name);
    if (taken.has(base)) continue;
    let family = families.get(base);
    if (!family)
      families.set(
        base,
        (family = { help: docs.get(baseOf(one.name)) ?? one.doc, type: one.type, lines: [], seen: new Set() }),
      );
    if (family.seen.has(name)) continue;
    family.seen.add(name);
    family.lines.push(`${name} ${formatValue(currentOf(one))}`);
  }
  let text = '';
  for (const [base, { help, type, lines }] of families) {
    text += `# HELP ${base} ${escapeHelp(help)}\n# TYPE ${base} ${type}\n${lines.join('\n')}\n`;
  }
  return text;
}
