import type { Command } from 'commander';
import type { Agent, Queue } from '@drover/client';
import { colourOfState, formatted, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';

type Options = ConnectOptions & { output: Format };

const QUEUES: Column<Queue>[] = [
  ['QUEUE', (queue) => queue.name],
  ['PAUSED', (queue) => (queue.paused ? (queue.pause?.reason ?? 'yes').slice(0, 40) : '')],
  ['QUEUED', (queue) => String(queue.counts.queued)],
  ['RUNNING', (queue) => String(queue.counts.running + queue.counts.claimed + queue.counts.cancelling)],
  ['SCHEDULED', (queue) => String(queue.counts.scheduled)],
  ['OLDEST', (queue) => (queue.oldest_queued_s === null ? '' : `${Math.round(queue.oldest_queued_s)} s`)],
  ['AGENTS', (queue) => String(queue.agents)],
  ['FREE SLOTS', (queue) => `${queue.slots_free}/${queue.slots}`],
];

const AGENTS: Column<Agent>[] = [
  ['AGENT', (agent) => agent.name],
  ['STATE', (agent) => colourOfState(stateOf(agent))],
  ['KIND', (agent) => agent.kind],
  ['FREE SLOTS', (agent) => `${agent.slots_free}/${agent.slots}`],
  ['QUEUES', (agent) => agent.queues.join(',')],
  ['CLOCK', (agent) => skewOf(agent.clock_skew_ms)],
  ['LAST SEEN', (agent) => agent.last_seen_at.slice(0, 19).replace('T', ' ')],
];

/** Online with every slot taken is busy; a worker that drains because its protocol is too old says so. */
const stateOf = (agent: Agent): string => {
  if (agent.too_old && agent.state !== 'offline') return 'too old';
  return agent.state === 'online' && agent.slots > 0 && agent.slots_free === 0 ? 'busy' : agent.state;
};

/** How far a node's clock is off, if it is worth a word: seconds with their sign. */
const skewOf = (ms: number | null): string =>
  ms === null || Math.abs(ms) < 1_000 ? '' : `${ms > 0 ? '+' : '-'}${Math.round(Math.abs(ms) / 1_000)} s`;

export function addQueues(program: Command): void {
  formatted(connecting(program.command('queues').description('list queues'))).action(async (options: Options) => {
    const { queues } = unwrap(await openSession(options).api.GET('/api/v1/queues'));
    await writeRows(options.output, queues, QUEUES, (queue) => queue.name);
  });
}

export function addPause(program: Command): void {
  const pause = program.command('pause').description('let nothing of a queue start').argument('<queue>');
  formatted(connecting(pause.option('--reason <text>', 'why, for people who wonder'))).action(
    async (name: string, options: Options & { reason?: string }) => {
      const body = options.reason === undefined ? {} : { reason: options.reason };
      const answer = await openSession(options).api.POST('/api/v1/queues/{name}/pause', {
        params: { path: { name } },
        body,
      });
      await writeRows(options.output, [unwrap(answer)], QUEUES, (queue) => queue.name);
    },
  );
  const resume = program.command('resume').description('let a paused queue go on').argument('<queue>');
  formatted(connecting(resume)).action(async (name: string, options: Options) => {
    const answer = await openSession(options).api.POST('/api/v1/queues/{name}/resume', { params: { path: { name } } });
    await writeRows(options.output, [unwrap(answer)], QUEUES, (queue) => queue.name);
  });
}

export function addAgents(program: Command): void {
  formatted(connecting(program.command('agents').description('list agents'))).action(async (options: Options) => {
    const { agents } = unwrap(await openSession(options).api.GET('/api/v1/agents', { params: { query: {} } }));
    await writeRows(options.output, agents, AGENTS, (agent) => agent.name);
  });
}

/** Takes a node out of service and brings it back. */
export function addDrain(program: Command): void {
  const drain = program.command('drain').description('let a node finish what it runs, and give it nothing new');
  formatted(connecting(drain.argument('<node>'))).action(async (name: string, options: Options) => {
    const path = { params: { path: { name } } };
    const answer = await openSession(options).api.POST('/api/v1/agents/{name}/drain', path);
    await writeRows(options.output, [unwrap(answer)], AGENTS, (agent) => agent.name);
  });
  const undrain = program.command('undrain').description('let a draining node take jobs again').argument('<node>');
  formatted(connecting(undrain)).action(async (name: string, options: Options) => {
    const path = { params: { path: { name } } };
    const answer = await openSession(options).api.POST('/api/v1/agents/{name}/undrain', path);
    await writeRows(options.output, [unwrap(answer)], AGENTS, (agent) => agent.name);
  });
}
