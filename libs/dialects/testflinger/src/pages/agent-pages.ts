import { html, type Html } from '@drover/http';
import type { LabAgent } from '../core/agents.js';
import { agentLink, facts, inConsole, jobLink, joined, queueLink, table } from './frame.js';

const text = (agent: LabAgent, key: string): string => (typeof agent.data[key] === 'string' ? agent.data[key] : '');
const queuesOf = (agent: LabAgent): Html[] =>
  joined(((agent.data['queues'] as string[] | undefined) ?? []).map(queueLink));
const streakOf = ({ streak }: LabAgent): string | null => (streak ? `${streak.count} × ${streak.type}` : null);
const stateOf = (agent: LabAgent): string => text(agent, 'state') || 'waiting';
const jobOf = (agent: LabAgent): Html | string => (text(agent, 'job_id') === '' ? '' : jobLink(text(agent, 'job_id')));

export function agentTable(agents: readonly LabAgent[]): Html {
  return table(
    ['Agent', 'State', 'Queues', 'Job', 'Location', 'Provisioning', 'Streak', 'Comment', 'Last heard of'],
    agents.map((agent) => [
      agentLink(agent.name),
      stateOf(agent),
      queuesOf(agent),
      jobOf(agent),
      text(agent, 'location'),
      text(agent, 'provision_type'),
      streakOf(agent),
      text(agent, 'comment'),
      agent.updated_at.toISOString(),
    ]),
    'No agent has said anything yet.',
  );
}

/** One agent: what it says of itself, its last lines and provisionings. */
export function agentPage(
  agent: LabAgent,
  history: { lines: string[]; provisions: { job_id: string; exit_code: number; detail: string; at: Date }[] },
): Html {
  return html`${facts([
    ['State', stateOf(agent)],
    ['Job', jobOf(agent)],
    ['Queues', html`${queuesOf(agent)}`],
    ['Location', text(agent, 'location')],
    ['Provisioning', text(agent, 'provision_type')],
    ['Identifier', text(agent, 'identifier')],
    ['Comment', text(agent, 'comment')],
    ['Streak', streakOf(agent)],
    ['Last heard of', agent.updated_at.toISOString()],
    ['In the console', inConsole.node(agent.name)],
  ])}
<h2>Provisionings</h2>${table(
    ['When', 'Job', 'Exit code', 'Detail'],
    history.provisions.map(({ at, job_id, exit_code, detail }) => [
      at.toISOString(),
      jobLink(job_id),
      exit_code,
      detail,
    ]),
    'None yet.',
  )}
<h2>Log</h2>${history.lines.length === 0 ? html`<p>Nothing.</p>` : html`<pre>${history.lines.join('\n')}</pre>`}`;
}
