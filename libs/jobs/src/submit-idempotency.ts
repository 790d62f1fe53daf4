import { DroverError, type Caller } from '@drover/domain';
import { idempotencyStore, jobStore, type Sql } from '@drover/store';
import { asSeen, isVisible } from './job-rights.js';
import type { Accepted, Idempotency, KeyHolder, Request } from './submit-requests.js';

/** The job that was accepted under this key, as the caller may see it. */
export async function recallAccepted(
  sql: Sql,
  holder: KeyHolder,
  { key, bodyHash }: Idempotency,
  caller: Caller | null,
): Promise<Accepted | Error | null> {
  const found = await idempotencyStore.find(sql, holder, key);
  if (!found) return null;
  if (found.body_hash !== bodyHash) return mismatch(key);
  const ids = found.job_ids ?? [found.job_id];
  const jobs = await jobStore.getMany(sql, ids);
  if (jobs.length === 0) return null;
  const seen = jobs.filter((job) => isVisible(caller, job)).map((job) => asSeen(caller, job));
  return seen.length > 0 ? { jobs: seen, ids, created: false } : taken(key);
}

/** Makes a flush start over. Postgres's own code for "try again", which `Store.tx` obeys. */
export class KeyRace extends Error {
  readonly code = '40001';
}

const mismatch = (key: string): DroverError =>
  new DroverError(
    'idempotency_mismatch',
    `Idempotency-Key ${JSON.stringify(key)} was used with another body; send the same body, or another key.`,
  );

const taken = (key: string): DroverError =>
  new DroverError(
    'conflict',
    `Idempotency-Key ${JSON.stringify(key)} was used for a job that this client may not see; send another key.`,
  );

/** Answers a repeat within one flush: the jobs of the first request, or a refusal of its other body. */
export function sameBody(repeat: Request, first: Request, accepted: Accepted): Accepted | Error {
  return repeat.idempotency?.bodyHash === first.idempotency?.bodyHash
    ? { ...accepted, created: false }
    : mismatch(repeat.idempotency?.key ?? '');
}
