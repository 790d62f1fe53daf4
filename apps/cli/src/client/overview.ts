import { ApiError, followEvents, type Overview, type OverviewChange } from '@drover/client';
import { Refused, type Session } from './session.js';

/**
 * Follows the overview until `signal`, over restarts of the API: `show` gets it whole after each change, and null with
 * a sentence while it cannot be had.
 */
export async function followOverview(
  session: Session,
  signal: AbortSignal,
  show: (overview: Overview | null, trouble: string | null) => Promise<void>,
): Promise<void> {
  let overview: Overview | null = null;
  const events = followEvents(session, '/api/v1/overview/stream', {
    signal,
    patienceMs: Infinity,
    onLost: () => show(null, 'The API is away; it is tried again.'),
  });
  try {
    for await (const { event, data } of events) {
      if (event === 'snapshot') overview = JSON.parse(data) as Overview;
      else if (event === 'change' && overview) overview = merged(overview, JSON.parse(data) as OverviewChange);
      await show(overview, event === 'trouble' ? (JSON.parse(data) as { message: string }).message : null);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ApiError)) throw error;
    throw new Refused(error.status, `The API answered ${error.status}; it may be of an older version.`);
  }
  throw new Error('The API has ended the overview.');
}

/** An overview with a change put in. */
export function merged(before: Overview, change: OverviewChange): Overview {
  return {
    at: change.at,
    queues: put(before.queues, change.queues, change.queues_gone),
    nodes: put(before.nodes, change.nodes, change.nodes_gone),
    needs: change.needs ?? before.needs,
  };
}

function put<T extends { name: string }>(before: T[], news: T[], gone: string[]): T[] {
  const all = new Map(before.map((one) => [one.name, one]));
  for (const name of gone) all.delete(name);
  for (const one of news) all.set(one.name, one);
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
