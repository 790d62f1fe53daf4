import {
  integer,
  last,
  shownText,
  unprocessable,
  V1JobsService,
  type JobObject,
  type Values,
} from '@drover/dialects/v1-jobs';
import { mapInPieces } from '@drover/domain';

/** Rows of an answer at most. */
const MOST_ROWS = 10_000;

export interface SearchReply {
  data: JobObject[];
  draw: number;
  recordsTotal: number;
  recordsFiltered: number;
}

/** Every column of the table, also where a job has nothing to say. */
function row(job: JobObject): JobObject {
  return { success: '', t_depend: 0, t_run: 0, t_cleanup: 0, t_inactive: 0, ...job };
}

function natural(values: Values, name: string, least: number): number | undefined {
  const value = integer(values, name);
  if (value !== undefined && value < least)
    throw unprocessable([
      {
        loc: ['query', name],
        msg: `ensure this value is greater than or equal to ${least}`,
        type: 'value_error.number.not_ge',
      },
    ]);
  return value;
}

/**
 * The server side of jQuery DataTables. `recordsFiltered` is the number of rows in `data`: not DataTables' sense of the
 * word, but the clients'.
 */
export async function search(jobs: V1JobsService, values: Values): Promise<SearchReply> {
  const nested = values['search'];
  const wanted = [
    values['query'],
    values['search[value]'],
    typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? (nested as Values)['value'] : nested,
  ]
    .map(last)
    .find((text) => typeof text === 'string' && text !== '') as string | undefined;
  const start = natural(values, 'start', 0) ?? 0;
  const asked = natural(values, 'length', -1) ?? -1;
  const length = asked < 0 ? MOST_ROWS : Math.min(asked, MOST_ROWS);
  const draw = integer(values, 'draw') ?? 1;
  const recordsTotal = await jobs.count({});
  const data =
    wanted === undefined ? await plainPage(jobs, start, length) : await matching(jobs, wanted, start, length);
  return { data, draw, recordsTotal, recordsFiltered: data.length };
}

async function plainPage(jobs: V1JobsService, start: number, length: number): Promise<JobObject[]> {
  if (length === 0) return [];
  const { jobs: page } = await jobs.list({}, { limit: length, offset: start });
  return mapInPieces(await jobs.show(page, 'flux'), row);
}

async function matching(jobs: V1JobsService, text: string, start: number, length: number): Promise<JobObject[]> {
  // No job of the record holds such a character, so none is found by it.
  if (length === 0 || text.includes('\u0000') || !text.isWellFormed()) return [];
  const { jobs: page } = await jobs.list({ shown: shownText(text) }, { limit: length, offset: start });
  return mapInPieces(await jobs.show(page, 'flux'), row);
}
