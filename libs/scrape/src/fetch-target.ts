import { DroverError, type ScrapeKind } from '@drover/domain';
import type { GuardedFetch, GuardedResponse } from '@drover/outbound';

/** Largest answers that are read. */
const MAX_JOBS_BYTES = 64 * 1024 * 1024;
const MAX_TEXT_BYTES = 32 * 1024 * 1024;
/** The header by which an installation of Drover names itself and those below it, so that none sums itself up. */
export const TREE_HEADER = 'x-drover-tree';

export interface Fetched {
  body: string;
  tree: string[];
}

export const urlOf = (kind: ScrapeKind, address: string): string =>
  `http://${address}/${kind === 'proxy' ? 'job' : 'metrics'}`;

function treeOf(answer: GuardedResponse): string[] {
  const header = answer.headers[TREE_HEADER];
  return typeof header === 'string'
    ? header
        .split(',')
        .map((id) => id.trim())
        .filter((id) => /^[\w-]{1,64}$/.test(id))
        .slice(0, 1_000)
    : [];
}

/** Fetches a target's metrics. Throws a DroverError that says why not. */
export async function fetchTarget(
  fetch: GuardedFetch,
  kind: ScrapeKind,
  address: string,
  timeoutMs: number,
): Promise<Fetched> {
  const maxBodyBytes = kind === 'proxy' ? MAX_JOBS_BYTES : MAX_TEXT_BYTES;
  const headers = {
    accept: kind === 'proxy' ? 'application/json' : 'text/plain;version=0.0.4',
    'user-agent': 'Drover',
  };
  const answer = await fetch(urlOf(kind, address), { timeoutMs, maxBodyBytes, headers });
  if (answer.status < 200 || answer.status > 299)
    throw new DroverError('unavailable', `${urlOf(kind, address)} answered ${answer.status}.`);
  if (answer.truncated)
    throw new DroverError('too_large', `${urlOf(kind, address)} answered more than ${maxBodyBytes} bytes.`);
  return { body: answer.body.toString('utf8'), tree: treeOf(answer) };
}

/** Finds out what a target is. Throws `invalid` when it is neither an exporter nor a proxy, or does not answer. */
export async function probe(
  fetch: GuardedFetch,
  address: string,
  timeoutMs: number,
): Promise<{ kind: ScrapeKind; tree: string[] }> {
  let refusal: unknown;
  const get = async (path: string): Promise<GuardedResponse | null> => {
    try {
      const answer = await fetch(`http://${address}${path}`, {
        timeoutMs,
        maxBodyBytes: MAX_TEXT_BYTES,
        headers: { 'user-agent': 'Drover' },
      });
      // An answer that is too long now is so at every scrape.
      return answer.status >= 200 && answer.status <= 299 && !answer.truncated ? answer : null;
    } catch (error) {
      refusal = error;
      return null;
    }
  };
  const jobs = await get('/job/list');
  if (jobs && listsMain(jobs.body.toString('utf8'))) return { kind: 'proxy', tree: treeOf(jobs) };
  // An address that is not allowed, or nobody's, is not asked twice.
  const metrics = jobs === null && refusal !== undefined ? null : await get('/metrics');
  if (metrics && !/<html/i.test(metrics.body.toString('utf8').slice(0, 100_000)))
    return { kind: 'prometheus', tree: [] };
  const why = refusal instanceof DroverError ? ` (${refusal.message})` : '';
  throw new DroverError(
    'invalid',
    `Failed to add ${address} for scraping : Failed to determine type of ${address}${why}`,
    { reason: 'silent', ...(refusal instanceof DroverError ? { why: refusal.message } : {}) },
  );
}

function listsMain(text: string): boolean {
  try {
    const list = JSON.parse(text) as unknown;
    return Array.isArray(list) && list.some((one) => (one as { jobid?: unknown } | null)?.jobid === 'main');
  } catch {
    return false;
  }
}
