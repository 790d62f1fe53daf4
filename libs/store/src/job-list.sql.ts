import type { JobState } from '@drover/domain';
import { isInStates } from './filed.sql.js';
import { jobColumns } from './job.columns.js';

/** Filters of a list; all ANDed. */
export interface JobFilter {
  states?: JobState[];
  queue?: string;
  owner?: string;
  /** Only jobs of this project. */
  project?: string;
  dialect?: string;
  parent_id?: string;
  /** One of the nodes it runs on. */
  node?: string;
  /** Any of these tags, or all of them. */
  tags?: { values: string[]; match: 'any' | 'all' };
  /** Substring of id, name or command; ASCII case is ignored. */
  q?: string;
  /** A text in what a dialect shows of a job, its case kept; among the newest jobs only. */
  shown?: ShownText;
}

/** A text, and the states and causes the dialect says in words that hold it. */
export interface ShownText {
  text: string;
  states: JobState[];
  causes: string[];
}

/** A part of a list. `cursor`: the `seq` of the last job before it. */
export interface JobPage {
  limit: number;
  cursor?: string;
  order?: 'newest' | 'oldest';
  offset?: number;
  /** `seq` of the last job that is looked at. */
  end?: string;
}

/** A statement that is put together of what was asked for, with its parameters. */
interface Statement {
  text: string;
  params: unknown[];
}

/** Jobs a text is looked for in at most, newest first. */
const MOST_SEARCHED = 10_000;

/** The text that a search looks into: all that dialects show of a job as texts. */
const SHOWN = `concat_ws(' ', j.id, j.name, j.owner, j.queue, j.node, j.state, j.cause_detail, j.exit_code,
      j.spec->>'command', j.payload->>'nodes', j.payload->>'observed',
      (SELECT string_agg(x.external_id, ' ') FROM external_ref x WHERE x.job_id = j.id))`;

/** Lists the jobs of a filter, newest first, or oldest first. */
export function listed(filter: JobFilter, page: JobPage): Statement {
  const { where, params } = whereOf(filter);
  const newest = page.order !== 'oldest';
  if (page.cursor !== undefined) {
    params.push(page.cursor);
    where.push(`j.seq ${newest ? '<' : '>'} $${params.length}::bigint`);
  }
  if (page.end !== undefined) {
    params.push(page.end);
    where.push(`j.seq ${newest ? '>=' : '<='} $${params.length}::bigint`);
  }
  params.push(page.limit, page.offset ?? 0);
  const text = `SELECT ${jobColumns('j')}
  FROM job j
  WHERE ${where.join('\n    AND ')}
  ORDER BY j.seq ${newest ? 'DESC' : 'ASC'}
  LIMIT $${params.length - 1}
  OFFSET $${params.length}`;
  return { text, params };
}

/** Jobs of which one statement of a search by `q` looks at the text. */
const SLICE = 10_000;

/**
 * The place of the last job of the next {@link SLICE} that all but the text of a search fits; no row when there are
 * fewer. A search looks from there to where the slice before ended: whatever it finds, it reads no more at once.
 */
export function sliceEnd(filter: JobFilter, page: JobPage): Statement {
  const { q: _, ...rest } = filter;
  const { where, params } = whereOf(rest);
  const newest = page.order !== 'oldest';
  if (page.cursor !== undefined) {
    params.push(page.cursor);
    where.push(`j.seq ${newest ? '<' : '>'} $${params.length}::bigint`);
  }
  const text = `SELECT j.seq
  FROM job j
  WHERE ${where.join('\n    AND ')}
  ORDER BY j.seq ${newest ? 'DESC' : 'ASC'}
  OFFSET ${SLICE - 1}
  LIMIT 1`;
  return { text, params };
}

/**
 * How many jobs are in these states ($1, without `succeeded`), of a project ($2, null: any). Those that are filed are
 * counted in their index.
 */
export const IN_STATES = `SELECT (
      SELECT count(*)
      FROM job
      WHERE filed_as = ANY($1::text[])
        AND ($2::text IS NULL OR project = $2)
    ) + (
      SELECT count(*)
      FROM job
      WHERE id IN (SELECT job_id FROM execution WHERE finished_at IS NULL)
        AND state = ANY($1::text[])
        AND filed_as IS NULL
        AND ($2::text IS NULL OR project = $2)
    ) AS n`;

/** How many jobs are stored, of a project ($1, null: any). */
export const STORED = `SELECT coalesce(sum(jobs), 0)::bigint AS n
  FROM project_usage
  WHERE $1::text IS NULL
    OR project = $1`;

/** Counts the jobs of a filter. */
export function counted(filter: JobFilter): Statement {
  const { where, params } = whereOf(filter);
  const text = `SELECT count(*) AS n
  FROM job j
  WHERE ${where.join('\n    AND ')}`;
  return { text, params };
}

function whereOf(filter: JobFilter): { where: string[]; params: unknown[] } {
  const where: string[] = ['true'];
  const params: unknown[] = [];
  const add = (value: unknown, condition: (placeholder: string) => string): void => {
    params.push(value);
    where.push(condition(`$${params.length}`));
  };
  const { states } = filter;
  if (states) add(states, (p) => isInStates('j', states, p));
  if (filter.queue !== undefined) add(filter.queue, (p) => `j.queue = ${p}`);
  if (filter.owner !== undefined) add(filter.owner, (p) => `j.owner = ${p}`);
  if (filter.project !== undefined) add(filter.project, (p) => `j.project = ${p}`);
  if (filter.dialect !== undefined) add(filter.dialect, (p) => `j.dialect = ${p}`);
  if (filter.parent_id !== undefined) add(filter.parent_id, (p) => `j.parent_id = ${p}::uuid`);
  if (filter.node !== undefined)
    add(filter.node, (p) => `(j.node = ${p} OR (j.dispatch = 'observed' AND j.payload->'nodes' ? ${p}))`);
  if (filter.tags && filter.tags.values.length > 0) {
    const operator = filter.tags.match === 'all' ? '@>' : '&&';
    add(filter.tags.values, (p) => `(j.tags <> '{}' AND j.tags ${operator} ${p}::text[])`);
  }
  if (filter.q !== undefined && filter.q !== '') {
    const pattern = `%${filter.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
    add(pattern, (p) => `(j.id::text ILIKE ${p} OR j.name ILIKE ${p} OR (j.spec->>'command') ILIKE ${p})`);
  }
  if (filter.shown !== undefined) {
    const { text, states, causes } = filter.shown;
    params.push(text, states, causes);
    const [a, b, c] = [params.length - 2, params.length - 1, params.length];
    where.push(`j.seq > (SELECT coalesce(max(seq), 0) - ${MOST_SEARCHED} FROM job)`);
    where.push(`(strpos(${SHOWN}, $${a}::text) > 0 OR j.state = ANY($${b}::text[]) OR j.cause = ANY($${c}::text[]))`);
  }
  return { where, params };
}
