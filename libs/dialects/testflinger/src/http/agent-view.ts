import type { RestrictedQueue } from '@drover/access';
import type { LabAgent } from '../core/agents.js';
import { instant } from './lab-answers.js';

/** An agent as clients read it. `restricted`: restricted queues, of which those it serves are named with their owners. */
export function agentView(agent: LabAgent, restricted: RestrictedQueue[]): Record<string, unknown> {
  const queues = (agent.data['queues'] as string[] | undefined) ?? [];
  const own = restricted.filter(({ queue, owners }) => owners.length > 0 && queues.includes(queue));
  return {
    ...agent.data,
    name: agent.name,
    updated_at: instant(agent.updated_at),
    ...(agent.streak ? { provision_streak_type: agent.streak.type, provision_streak_count: agent.streak.count } : {}),
    restricted_to: Object.fromEntries(own.map(({ queue, owners }) => [queue, owners])),
  };
}

/** The same in lists of a queue's agents: clients index `state`. */
export function queueAgentView({ name, data }: LabAgent): Record<string, unknown> {
  const shown = Object.fromEntries(
    ['queues', 'location', 'provision_type', 'job_id', 'comment'].flatMap((key) =>
      data[key] === undefined ? [] : [[key, data[key]]],
    ),
  );
  return { name, state: data['state'] ?? 'waiting', ...shown };
}
