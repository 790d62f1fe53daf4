import type { Cause, JobState } from '@drover/domain';
import { hasActive, isInStates, openJobs } from './filed.sql.js';
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
  name?: string;
  /** One of these causes. Like those below it is looked for in slices: no index finds it. */
  causes?: Cause[];
  /** One of these exit codes. */
  exits?: number[];
  /** From one of these dialects. */
  dialects?: string[];
  /** From `after` on, and before `before`. */
  created?: Period;
  /** The begin of the last attempt. */
  started?: Period;
  finished?: Period;
  /** One of the nodes it runs on. */
  node?: string;
  /** Any of these tags, or all of them. */
  tags?: { values: string[]; match: 'any' | 'all' };
  /** Substring of id, name or command; ASCII case is ignored. */
  q?: string;
  /** A text in what a dialect shows of a job, its case kept; among the newest jobs only. */
  shown?: ShownText;
}

/** A time on either side is left open when it is absent. */
interface Period {
  after?: Date;
  before?: Date;
}

/** A text, and the states and causes the dialect says in words that hold it. */
export interface ShownText {
  text: string;
  states: JobState[];
  causes: string[];
}

/** A part of a list. `cursor`: the `seq` of the last job before it. */
export interface JobPage extends Bounds {
  limit: number;
  cursor?: string;
  order?: 'newest' | 'oldest';
  offset?: number;
  /** `seq` of the last job that is looked at. */
  end?: string;
}

/** The first and the last `seq` of jobs that are looked at. */
export interface Bounds {
  least?: string;
  most?: string;
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
  const { from, where, params } = whereOf(filter, page);
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
  FROM ${from} j
  WHERE ${where.join('\n    AND ')}
  ORDER BY j.seq ${newest ? 'DESC' : 'ASC'}
  LIMIT $${params.length - 1}
  OFFSET $${params.length}`;
  return { text, params };
}

/**
 * Jobs of which one statement of a search looks at what no index finds. Those that a text is looked for in are mostly
 * neighbours in the table; those of one state may each be on a page of its own.
 */
const SLICE = { text: 10_000, other: 2_000 };

/** The part of a filter that indexes find. */
function indexed({ q: _q, causes, exits: _e, dialects: _d, started: _s, finished: _f, ...rest }: JobFilter): JobFilter {
  return causes === undefined || rest.states !== undefined ? rest : { ...rest, states: endedBy(causes) };
}

/** The states of jobs that ended by these causes. */
const endedBy = (causes: readonly Cause[]): JobState[] => [
  ...new Set(causes.map((cause) => (cause === 'cancelled' || cause === 'expired' ? cause : 'failed'))),
];

/** Whether a filter asks for what no index finds, so that its jobs are looked for in slices. */
export const isSearch = ({ q, causes, exits, dialects, started, finished }: JobFilter): boolean =>
  (q !== undefined && q !== '') || [causes, exits, dialects, started, finished].some((part) => part !== undefined);

/**
 * The place of the last job of the next slice ({@link SLICE}) that all but the text of a search fits; no row when there
 * are fewer. A search looks from there to where the slice before ended: whatever it finds, it reads no more at once.
 */
export function sliceEnd(filter: JobFilter, page: JobPage): Statement {
  const { from, where, params } = whereOf(indexed(filter), page);
  const newest = page.order !== 'oldest';
  if (page.cursor !== undefined) {
    params.push(page.cursor);
    where.push(`j.seq ${newest ? '<' : '>'} $${params.length}::bigint`);
  }
  const text = `SELECT j.seq
  FROM ${from} j
  WHERE ${where.join('\n    AND ')}
  ORDER BY j.seq ${newest ? 'DESC' : 'ASC'}
  OFFSET ${(filter.q === undefined ? SLICE.other : SLICE.text) - 1}
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
  const { from, where, params } = whereOf(filter);
  const text = `SELECT count(*) AS n
  FROM ${from} j
  WHERE ${where.join('\n    AND ')}`;
  return { text, params };
}

/**
 * Counts the jobs that a filter fits among the next $slice that its indexed part finds, newest first: `n` of them,
 * `looked` at, up to the place `last`.
 */
export function countedInSlice(filter: JobFilter, page: Bounds & { cursor?: string; slice: number }): Statement {
  const base = indexed(filter);
  const { from, where, params } = whereOf(base, page);
  if (page.cursor !== undefined) {
    params.push(page.cursor);
    where.push(`j.seq < $${params.length}::bigint`);
  }
  params.push(page.slice);
  const slice = params.length;
  const { where: rest } = whereOf(restOf(filter), {}, params);
  // Without a rest an index alone may answer.
  const columns = isSearch(filter)
    ? 'j.id, j.name, j.spec, j.cause, j.exit_code, j.dialect, j.started_at, j.finished_at, j.seq'
    : 'j.seq';
  const text = `WITH looked AS MATERIALIZED (
    SELECT ${columns}
    FROM ${from} j
    WHERE ${where.join('\n      AND ')}
    ORDER BY j.seq DESC
    LIMIT $${slice}
  )
  SELECT count(*) FILTER (WHERE ${rest.join(' AND ')})::int AS n, count(*)::int AS looked, min(j.seq)::text AS last
  FROM looked j`;
  return { text, params };
}

/** The part of a filter that no index finds. */
function restOf({ q, causes, exits, dialects, started, finished }: JobFilter): JobFilter {
  return {
    ...(q === undefined ? {} : { q }),
    ...(causes === undefined ? {} : { causes }),
    ...(exits === undefined ? {} : { exits }),
    ...(dialects === undefined ? {} : { dialects }),
    ...(started === undefined ? {} : { started }),
    ...(finished === undefined ? {} : { finished }),
  };
}

/**
 * The first `seq` whose job was created at $1 or later, or the one behind the last. Jobs are numbered in the order in
 * which they are accepted, but for those of groups that were written at once: a search in halves finds the place within
 * some seconds.
 */
export const SEQ_AT = `WITH RECURSIVE step (low, high) AS (
    SELECT min(seq), max(seq) + 1
    FROM job
    UNION ALL
    SELECT CASE WHEN m.created_at < $1 THEN m.seq + 1 ELSE low END,
      CASE WHEN m.created_at < $1 THEN high ELSE (low + high) / 2 END
    FROM step
    CROSS JOIN LATERAL (SELECT seq, created_at FROM job WHERE seq >= (low + high) / 2 ORDER BY seq LIMIT 1) AS m
    WHERE low < high
  )
  SELECT coalesce(max(low), 0)::text AS seq
  FROM step`;

function whereOf(
  filter: JobFilter,
  bounds: Bounds = {},
  params: unknown[] = [],
): { from: string; where: string[]; params: unknown[] } {
  const where: string[] = ['true'];
  let from = 'job';
  const add = (value: unknown, condition: (placeholder: string) => string): void => {
    params.push(value);
    where.push(condition(`$${params.length}`));
  };
  const { states } = filter;
  if (states && hasActive(states))
    add(states, (p) => {
      from = openJobs(p);
      return `j.state = ANY(${p}::text[])`;
    });
  else if (states) add(states, (p) => isInStates('j', states, p));
  if (filter.queue !== undefined) add(filter.queue, (p) => `j.queue = ${p}`);
  if (filter.owner !== undefined) add(filter.owner, (p) => `j.owner = ${p}`);
  if (filter.project !== undefined) add(filter.project, (p) => `j.project = ${p}`);
  if (filter.dialect !== undefined) add(filter.dialect, (p) => `j.dialect = ${p}`);
  if (bounds.least !== undefined) add(bounds.least, (p) => `j.seq >= ${p}::bigint`);
  if (bounds.most !== undefined) add(bounds.most, (p) => `j.seq <= ${p}::bigint`);
  if (filter.name !== undefined) add(filter.name, (p) => `j.name = ${p}`);
  if (filter.causes !== undefined) add(filter.causes, (p) => `j.cause = ANY(${p}::text[])`);
  if (filter.exits !== undefined) add(filter.exits, (p) => `j.exit_code = ANY(${p}::int[])`);
  if (filter.dialects !== undefined) add(filter.dialects, (p) => `j.dialect = ANY(${p}::text[])`);
  for (const field of ['created', 'started', 'finished'] as const) {
    const { after, before } = filter[field] ?? {};
    if (after !== undefined) add(after, (p) => `j.${field}_at >= ${p}::timestamptz`);
    if (before !== undefined) add(before, (p) => `j.${field}_at < ${p}::timestamptz`);
  }
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
  return { from, where, params };
}
