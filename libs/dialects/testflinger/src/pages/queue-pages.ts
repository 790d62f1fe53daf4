import { html, type Html } from '@drover/http';
import type { LabAgent } from '../core/agents.js';
import type { ListedJob } from '../core/jobs.js';
import { agentTable } from './agent-pages.js';
import { facts, inConsole, jobLink, queueLink, table } from './frame.js';

export interface ListedQueue {
  name: string;
  description: string;
  waiting: number;
  running: number;
}

export function queueTable(queues: readonly ListedQueue[]): Html {
  return table(
    ['Queue', 'Description', 'Waiting', 'Running'],
    queues.map(({ name, description, waiting, running }) => [queueLink(name), description, waiting, running]),
    'No queue is known yet.',
  );
}

export interface QueuePageView extends ListedQueue {
  images: Record<string, string>;
  /** Seconds by percentile. */
  waits: Record<string, number> | null;
  agents: LabAgent[];
  jobs: ListedJob[];
  restrictedTo: string[] | null;
  paused: boolean;
}

/** One queue: who serves it, what waits and ran in it. */
export function queuePage({
  name,
  description,
  waiting,
  running,
  paused,
  images,
  waits,
  agents,
  jobs,
  restrictedTo,
}: QueuePageView): Html {
  return html`${facts([
    ['Description', description],
    ['Waiting', waiting],
    ['Running', running],
    ['In the console', inConsole.queue(name)],
    ['Paused', paused ? 'yes' : null],
    ['Restricted to', restrictedTo?.join(', ')],
    [
      'Wait in seconds',
      waits
        ? Object.entries(waits)
            .map(([percent, seconds]) => `${percent} %: ${seconds.toFixed(1)}`)
            .join(', ')
        : null,
    ],
  ])}
<h2>Agents</h2>${agentTable(agents)}
<h2>Newest jobs</h2>${table(
    ['Job', 'State', 'Created'],
    jobs.map((job) => [jobLink(job.ref), job.state, job.created_at.toISOString()]),
    'None yet.',
  )}
<h2>Images</h2>${table(['Image', 'Provisioned with'], Object.entries(images), 'None.')}`;
}
