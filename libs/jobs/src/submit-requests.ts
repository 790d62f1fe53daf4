import { DEFAULT_PROJECT, type Caller, type FieldFault, type Submission } from '@drover/domain';
import type { IdempotencyRow, StoredJob } from '@drover/store';

/** A client's own name for a request, and a digest of what the request said. */
export interface Idempotency {
  key: string;
  bodyHash: string;
}

/** One client request: a job, or a batch that is taken whole or not at all. */
export interface Request {
  submissions: Submission[];
  /** The caller of the request: the write may be done in the context of another one. */
  caller: Caller | null;
  idempotency?: Idempotency;
}

export interface Accepted {
  /** The jobs made; for a repeat, those that still exist. */
  jobs: StoredJob[];
  /** The ids of all jobs, in the order of the request. */
  ids: string[];
  /** False: the idempotency key was known, these are the jobs of then. */
  created: boolean;
}

/** The owner and the project that an idempotency key belongs to. */
export type KeyHolder = Pick<IdempotencyRow, 'owner' | 'project'>;

export const holderOf = ({ submissions: [first], caller }: Request): KeyHolder => ({
  owner: first?.owner ?? '',
  project: first?.project ?? caller?.home ?? DEFAULT_PROJECT,
});

/** A fault for each id that names no job which the caller may see; at most 20. */
export const unknownDependencies = (ids: string[]): FieldFault[] =>
  ids.slice(0, 20).map((id) => ({ field: 'depends_on', message: `names job ${id}, which does not exist`, value: id }));

/** How many jobs of each project these are; what runs elsewhere already does not wait here. */
export function mayWait(jobs: readonly Pick<Submission, 'project' | 'dispatch'>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { project = DEFAULT_PROJECT, dispatch } of jobs)
    if (dispatch !== 'observed') counts.set(project, (counts.get(project) ?? 0) + 1);
  return counts;
}
