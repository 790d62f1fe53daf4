import { invalid, type FieldFault } from '@drover/domain';
import { MAX_SOURCES, type MetricsRequest } from '@drover/protocol';

const object = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const text = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max && !value.includes('\u0000') && value.isWellFormed();
const NAME = 1_000;
const DOC = 10_000;
/** Bytes: the name of a job is in the entries of indexes, which hold no more than 2,700. */
const ID = 1_000;
const SERIES = 100_000;

/** A few comparisons a source: our own worker sends hundreds of them a second. Throws `invalid`. */
export function checkMetrics(body: unknown): MetricsRequest {
  const b = object(body);
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string): void => void faults.push({ field, message });
  if (!text(b['incarnation'], 200) || b['incarnation'] === '') fault('incarnation', 'must be a text');
  if (!Number.isSafeInteger(b['seq'])) fault('seq', 'must be a whole number');
  for (const [name, series] of Object.entries(object(b['tables']))) {
    if (!Array.isArray(series) || series.length > SERIES || !series.every(isSeries))
      fault(`tables.${name.slice(0, 100)}`, 'must be a list of [name, "c" or "g", doc]');
  }
  const sources = b['sources'];
  if (!Array.isArray(sources) || sources.length > MAX_SOURCES)
    fault('sources', `must be a list of at most ${MAX_SOURCES} sources`);
  else {
    sources.forEach((one: unknown, i) => {
      const source = object(one);
      if (source['kind'] !== 'node' && source['kind'] !== 'job') fault(`sources.${i}.kind`, 'must be node or job');
      if (source['job'] !== undefined && !(text(source['job'], ID) && Buffer.byteLength(source['job']) <= ID))
        fault(`sources.${i}.job`, `must be a text of at most ${ID} bytes`);
      if (source['boot_id'] !== undefined && !text(source['boot_id'], 200))
        fault(`sources.${i}.boot_id`, 'must be a text');
      if (typeof source['live'] !== 'boolean') fault(`sources.${i}.live`, 'must be true or false');
      if (!text(source['table'], 200)) fault(`sources.${i}.table`, 'must be a text');
      const values = source['values'];
      if (!Array.isArray(values) || !values.every((value) => value === null || typeof value === 'number'))
        fault(`sources.${i}.values`, 'must be a list of numbers or null');
    });
  }
  if (faults.length > 0) throw invalid(faults.slice(0, 20));
  return { ...(b as unknown as MetricsRequest), tables: object(b['tables']) as MetricsRequest['tables'] };
}

const isSeries = (one: unknown): boolean =>
  Array.isArray(one) && text(one[0], NAME) && one[0] !== '' && (one[1] === 'c' || one[1] === 'g') && text(one[2], DOC);
