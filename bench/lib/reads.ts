import type { Store } from '@drover/store';
import type { Broker } from './broker.js';

/** One read of one API. `n` numbers the requests, so that not every one asks for the same. */
export interface Read {
  name: string;
  ask(n: number): Promise<void>;
}

interface Known {
  job: string;
  cursor: string;
  /** An event of long ago. */
  event: string;
}

/** Names and ids that the requests need, out of the history. */
async function known(store: Store): Promise<Known> {
  const [job] = await store.sql.rows<{ id: string; seq: string }>(
    `SELECT id, seq FROM job WHERE state = 'succeeded' AND dialect = 'native' ORDER BY seq LIMIT 1`,
  );
  const [event] = await store.sql.rows<{ id: string }>(
    `SELECT event.tx::text || '-' || event.id AS id FROM event ORDER BY event.tx, event.id LIMIT 1`,
  );
  const [{ middle } = { middle: '0' }] = await store.sql.rows<{ middle: string }>(
    'SELECT (max(seq) / 2)::text AS middle FROM job',
  );
  return { job: job?.id ?? '', cursor: middle, event: event?.id ?? '0-0' };
}

/** The text of the first bytes of a stream that never ends. */
async function first(url: string, headers: Record<string, string>): Promise<void> {
  const ended = new AbortController();
  const answer = await fetch(url, { headers, signal: AbortSignal.any([ended.signal, AbortSignal.timeout(30_000)]) });
  if (!answer.ok || answer.body === null) throw new Error(`GET ${url} answered ${answer.status}`);
  const reader = answer.body.getReader();
  let text = '';
  while (!text.includes('data:')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${url} ended before its first event`);
    text += Buffer.from(value).toString();
  }
  ended.abort();
}

async function whole(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`GET ${url} answered ${answer.status}: ${text.slice(0, 200)}`);
}

/** Every list, search and event read there is. */
export async function reads(broker: Broker, store: Store): Promise<Read[]> {
  const { job, event } = await known(store);
  const get = (name: string, path: string | ((n: number) => string)): Read => ({
    name,
    ask: (n) => whole(`${broker.url}${typeof path === 'string' ? path : path(n)}`),
  });
  const events = (name: string, query: string): Read => ({
    name,
    ask: () => first(`${broker.url}/api/v1/events${query}`, { 'last-event-id': event }),
  });
  return [
    get('native: jobs', '/api/v1/jobs?limit=50'),
    get('native: jobs of a queue', (n) => `/api/v1/jobs?limit=50&queue=q-${n % 20}`),
    get('native: jobs of a queue that has few', '/api/v1/jobs?limit=50&queue=rare'),
    get('native: jobs of an owner', (n) => `/api/v1/jobs?limit=50&owner=owner-${n % 50}`),
    get('native: failed jobs', '/api/v1/jobs?limit=50&state=failed'),
    get('native: expired jobs', '/api/v1/jobs?limit=50&state=expired'),
    get('native: succeeded jobs', '/api/v1/jobs?limit=50&state=succeeded'),
    get('native: running jobs', '/api/v1/jobs?limit=50&state=running'),
    get('native: failed jobs of a queue that has few', '/api/v1/jobs?limit=50&state=failed&queue=rare'),
    get('native: failed jobs of an owner', (n) => `/api/v1/jobs?limit=50&state=failed&owner=owner-${n % 50}`),
    get('native: jobs with a tag', (n) => `/api/v1/jobs?limit=50&tag=tag-${n % 1000}`),
    get('native: jobs with a text, q', (n) => `/api/v1/jobs?limit=50&q=target-${n + 1}`),
    get('native: jobs with a text that nothing has, q', '/api/v1/jobs?limit=50&q=no-such-text'),
    get('native: jobs of a name', (n) => `/api/v1/jobs?limit=50&name=nightly%20build%20${3 * n + 3}`),
    get('native: failed jobs of a cause that few have', '/api/v1/jobs?limit=50&cause=expired'),
    get('native: jobs of a dialect and an exit code', '/api/v1/jobs?limit=50&dialect=flux&exit=2'),
    get('native: jobs of a day', '/api/v1/jobs?limit=50&created_after=10d&created_before=9d'),
    get(
      'native: failed jobs that ended in a day',
      '/api/v1/jobs?limit=50&state=failed&finished_after=10d&finished_before=9d',
    ),
    get('native: number of jobs of a queue', (n) => `/api/v1/jobs/count?queue=q-${n % 20}`),
    get('native: number of failed jobs', '/api/v1/jobs/count?state=failed'),
    get('native: queues', '/api/v1/queues'),
    get('native: one queue', '/api/v1/queues/q-1'),
    get('native: agents', '/api/v1/agents'),
    get('native: executions of a job', `/api/v1/jobs/${job}/executions`),
    get('native: explain', `/api/v1/jobs/${job}/explain`),
    get('native: phases', `/api/v1/jobs/${job}/phases`),
    get('native: runs of a name', `/api/v1/jobs/${job}/runs`),
    get('native: overview', '/api/v1/overview'),
    get('native: timeline of an hour', '/api/v1/timeline?from=25h&to=24h'),
    get('native: timeline of a month', '/api/v1/timeline?from=4w'),
    get('native: bulk actions', '/api/v1/jobs/actions'),
    get('native: audit', '/api/v1/audit?limit=50'),
    get('native: audit of an action', '/api/v1/audit?limit=50&action=job.delete'),
    get('native: audit of an actor', (n) => `/api/v1/audit?limit=50&actor=owner-${n % 50}`),
    get('native: audit of a job', `/api/v1/audit?limit=50&kind=job&object=${job}`),
    get('native: profiles', '/api/v1/profiles?limit=50'),
    get('native: profiles of a queue', '/api/v1/profiles?limit=50&queue=rare'),
    get('native: deliveries of a job', `/api/v1/jobs/${job}/deliveries`),
    events('native: first events after an old one', ''),
    events('native: first events of a queue after an old one', '?queue=rare'),
    {
      name: 'native: a look of a follower of a quiet queue',
      ask: async () => void (await store.events.after(event, { queue: 'no-such-queue' }, 500)),
    },
    {
      name: 'native: events of a job',
      ask: async () => first(`${broker.url}/api/v1/jobs/${job}/events`, {}),
    },
    get('/metrics', '/metrics'),
    get('hpc: jobs', '/v1/jobs'),
    get('hpc: completed jobs', '/v1/jobs?state=completed'),
    get('hpc: running jobs', '/v1/jobs?state=running'),
    get('hpc: failed jobs', '/v1/jobs?state=failed'),
    get('hpc: jobs of a user', (n) => `/v1/jobs?user=owner-${n % 50}`),
    get('hpc: jobs of a node', (n) => `/v1/jobs?node=node-${n % 100}`),
    get('flux: jobs with details', '/v1/jobs?details=true&limit=50'),
    get('flux: search, nothing asked', '/v1/jobs/search?start=0&length=10'),
    get('flux: search for a text', '/v1/jobs/search?start=0&length=10&query=target-77'),
    get('flux: search for a text that nothing has', '/v1/jobs/search?start=0&length=10&query=no-such-text'),
    get('flux: page of jobs', '/jobs'),
    get('fastlane: tasks', '/tasks'),
    get('fastlane: search', '/search?query=task'),
    get('fastlane: jobs of a task', '/tasks/task-17'),
    get('fastlane: jobs of a queue', '/tasks/q-1'),
    get('fastlane: status', '/status'),
    get('testflinger: search by tag', (n) => `/v1/job/search?tags=tag-${n % 1000}`),
    get('testflinger: active jobs', '/v1/job/search?state=active'),
    get('testflinger: jobs of a queue', '/v1/queues/q-18/jobs'),
    get('testflinger: page of jobs', '/jobs/'),
    get('testflinger: page of queues', '/queues'),
    get('metric proxy: jobs', '/job/list'),
    get('metric proxy: profiles', '/profiles'),
    get('metric proxy: profiles of commands', '/percmd'),
  ];
}
