import type { JobPage } from '../../api/job-pages.js';
import type { Job, JobState } from '../../api/types.js';

/** So many jobs of one parent on one page are one row, and those of later pages with them. */
const FEWEST = 3;

export type Row =
  | { kind: 'job'; key: string; job: Job; page: number; child: boolean }
  | {
      kind: 'family';
      key: string;
      parent: string;
      /** Its jobs on the page where its row stands; empty while the page is let go. */
      jobs: Job[];
      /** The ids of its jobs on all pages that were read. */
      ids: string[];
      page: number;
      open: boolean;
    }
  | { kind: 'gone'; key: string; page: number };

/**
 * The rows of a list: jobs of one parent are folded into a row, which stands where the first page with three of them
 * begins with them, and takes in those of later pages. So a row that shows never moves. An opened family shows the jobs
 * of its own page. Of a page that was let go each job outside of families is an empty row.
 */
export function rowsOf(pages: readonly JobPage[], open: ReadonlySet<string>, folds = true): Row[] {
  const families = new Map<string, Extract<Row, { kind: 'family' }>>();
  const rows: Row[] = [];
  for (const [page, { jobs, count, parents, ids }] of pages.entries()) {
    const counts = new Map<string, number>();
    if (folds && parents)
      for (const parent of parents) if (parent !== null) counts.set(parent, (counts.get(parent) ?? 0) + 1);
    for (let at = 0; at < count; at += 1) {
      const job = jobs?.[at] ?? null;
      const parent = parents?.[at] ?? null;
      const id = ids?.[at];
      const known = parent === null ? undefined : families.get(parent);
      if (known) {
        if (id !== undefined) known.ids.push(id);
        if (known.page !== page || job === null) continue;
        known.jobs.push(job);
        continue;
      }
      if (parent !== null && (counts.get(parent) ?? 0) >= FEWEST) {
        const key = `family.${parent}`;
        const isOpen = open.has(key);
        const own = job === null ? [] : [job];
        const first = id === undefined ? [] : [id];
        const family = { kind: 'family' as const, key, parent, jobs: own, ids: first, page, open: isOpen };
        families.set(parent, family);
        rows.push(family);
      } else if (job === null) rows.push({ kind: 'gone', key: `${page}.${at}`, page });
      else rows.push({ kind: 'job', key: job.id, job, page, child: false });
    }
  }
  if (![...families.values()].some((family) => family.open)) return rows;
  return rows.flatMap((row): Row[] =>
    row.kind === 'family' && row.open
      ? [row, ...row.jobs.map((job) => ({ kind: 'job' as const, key: job.id, job, page: row.page, child: true }))]
      : [row],
  );
}

/** Pages at the end of what was read that have no row of their own: their jobs are in families above. */
export const pagesBehind = (rows: readonly Row[], pages: number): number => pages - 1 - (rows.at(-1)?.page ?? -1);

/** How many jobs are in each state. */
export function countsOf(jobs: readonly Job[]): Partial<Record<JobState, number>> {
  const counts: Partial<Record<JobState, number>> = {};
  for (const { state } of jobs) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
