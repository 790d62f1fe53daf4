import {
  DroverError,
  isReservedEntry,
  MAIN,
  nodeEntry,
  type GaugeValue,
  type JobDesc,
  type SeriesDef,
} from '@drover/domain';
import { formatName, hasUnmatchedBrace, parseExposition } from '@drover/exposition';

export interface ImportedSeries {
  defs: SeriesDef[];
  values: (number | GaugeValue | null)[];
}

/**
 * The most that one scrape may tell, as for workers: names and docs are kept, and a target may make up new ones each
 * time.
 */
const NAME_LENGTH = 1_000;
const DOC_LENGTH = 10_000;
/** Entries taken from one answer at most. */
const MOST_ENTRIES = 10_000;

const storable = (name: string): boolean =>
  name !== '' && name.length <= NAME_LENGTH && name.isWellFormed() && !name.includes('\u0000');

/**
 * Counters and gauges of an exporter's text: histograms, summaries, and what has no type are left out, and what is no
 * finite number.
 */
export function importExposition(body: string): ImportedSeries {
  const imported: ImportedSeries = { defs: [], values: [] };
  const seen = new Set<string>();
  for (const { name: family, type, help, samples } of parseExposition(body).families) {
    if (type !== 'counter' && type !== 'gauge') continue;
    for (const { name: base, labels, value } of samples) {
      // OpenMetrics: a counter's samples end in _total, and _created beside it is a time.
      if (base !== family && base !== `${family}_total`) continue;
      const name = formatName(base, labels);
      if (!Number.isFinite(value) || !storable(name) || seen.has(name)) continue;
      seen.add(name);
      imported.defs.push({ name, type, doc: text(help).slice(0, DOC_LENGTH) });
      imported.values.push(value);
    }
  }
  return imported;
}

export interface ImportedEntry extends ImportedSeries {
  kind: 'main' | 'node' | 'job';
  /** Name of the node, id of the job. */
  name: string;
  desc: JobDesc;
}

/** A day in the year 5138, and one in 1973: what is between them in milliseconds is beyond it in seconds. */
const MILLISECONDS_FROM = 1e11;

/** Reads the answer of another proxy at /job, in either dialect. Throws `invalid` for anything else. */
export function importEntries(text: string): ImportedEntry[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new DroverError('invalid', 'The answer is no JSON.');
  }
  if (!Array.isArray(list)) throw new DroverError('invalid', 'The answer is no list of jobs.');
  const entries = new Map<string, ImportedEntry>();
  for (const one of list as unknown[]) {
    const entry = importEntry(object(one));
    // One id is one source: the first entry that has it counts.
    if (entry && !entries.has(entry.desc.jobid)) entries.set(entry.desc.jobid, entry);
    if (entries.size >= MOST_ENTRIES) break;
  }
  return [...entries.values()];
}

const object = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : '';
const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function importEntry(one: Record<string, unknown>): ImportedEntry | null {
  const told = object(one['desc']);
  const id = told['jobid'];
  // It is in the entries of indexes, which count bytes.
  if (typeof id !== 'string' || !storable(id) || Buffer.byteLength(id) > NAME_LENGTH) return null;
  const time = (value: unknown): number =>
    finite(value) && value > 0 ? Math.floor(value >= MILLISECONDS_FROM ? value / 1000 : value) : 0;
  const desc: JobDesc = {
    jobid: id,
    command: text(told['command']),
    size: finite(told['size']) ? Math.trunc(told['size']) | 0 : 0,
    nodelist: text(told['nodelist']),
    partition: text(told['partition']),
    cluster: text(told['cluster']),
    run_dir: text(told['run_dir']),
    start_time: time(told['start_time']),
    end_time: 0,
  };
  const kind = id === MAIN ? 'main' : isReservedEntry(id) ? 'node' : 'job';
  return {
    kind,
    name: kind === 'node' ? id.slice(nodeEntry('').length) : id,
    desc,
    ...importCounters(one['counters']),
  };
}

/**
 * Reads counters. One that is not understood costs only itself: `null` numbers, unknown kinds. Of a name that stands
 * twice the first counts: the lower of two totals would look like a restart.
 */
function importCounters(counters: unknown): ImportedSeries {
  const imported: ImportedSeries = { defs: [], values: [] };
  const seen = new Set<string>();
  for (const one of Array.isArray(counters) ? counters : []) {
    const { name, doc, ctype } = object(one);
    if (typeof name !== 'string' || !storable(name) || hasUnmatchedBrace(name) || seen.has(name)) continue;
    const { value } = object(object(ctype)['Counter']);
    const { min, max, hits, total } = object(object(ctype)['Gauge']);
    if (finite(value)) {
      seen.add(name);
      imported.defs.push({ name, type: 'counter', doc: text(doc).slice(0, DOC_LENGTH) });
      imported.values.push(value);
    } else if (finite(min) && finite(max) && finite(hits) && finite(total)) {
      seen.add(name);
      imported.defs.push({ name, type: 'gauge', doc: text(doc).slice(0, DOC_LENGTH) });
      imported.values.push(hits > 0 ? { min, max, hits, total } : null);
    }
  }
  return imported;
}
