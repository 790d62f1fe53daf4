import type { JobPage } from '../../api/job-pages.js';
import type { Job, JobState } from '../../api/types.js';

/** So many jobs of one parent, one after another, are one row. */
const FEWEST = 3;

export type Row =
  | { kind: 'job'; key: string; job: Job; page: number; child: boolean }
  | { kind: 'family'; key: string; parent: string; jobs: Job[]; page: number; open: boolean }
  | { kind: 'gone'; key: string; page: number };

/**
 * The rows of a list: jobs of one parent that stand together are folded into a row, unless it was opened. A page that
 * was let go has as many empty rows as it had jobs. A family does not reach from one page into the next.
 */
export function rowsOf(pages: readonly JobPage[], open: ReadonlySet<string>): Row[] {
  return pages.flatMap(({ jobs, count }, page): Row[] => {
    if (jobs === null) return Array.from({ length: count }, (_, at) => ({ kind: 'gone', key: `${page}.${at}`, page }));
    const rows: Row[] = [];
    for (let at = 0; at < jobs.length;) {
      const job = jobs[at] as Job;
      const family = runOf(jobs, at);
      if (family.length < FEWEST) {
        rows.push({ kind: 'job', key: job.id, job, page, child: false });
        at += 1;
        continue;
      }
      const parent = job.parent_id as string;
      const key = `${parent}.${job.id}`;
      const isOpen = open.has(key);
      rows.push({ kind: 'family', key, parent, jobs: family, page, open: isOpen });
      if (isOpen) for (const child of family) rows.push({ kind: 'job', key: child.id, job: child, page, child: true });
      at += family.length;
    }
    return rows;
  });
}

/** The jobs from a place on that have the same parent. */
function runOf(jobs: readonly Job[], from: number): Job[] {
  const parent = jobs[from]?.parent_id ?? null;
  if (parent === null) return [];
  let end = from;
  while (jobs[end]?.parent_id === parent) end += 1;
  return jobs.slice(from, end);
}

/** How many jobs are in each state. */
export function countsOf(jobs: readonly Job[]): Partial<Record<JobState, number>> {
  const counts: Partial<Record<JobState, number>> = {};
  for (const { state } of jobs) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
