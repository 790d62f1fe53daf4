import { blockOf, clocksOff, isTerminal, isTooOld, type Agent } from '@drover/domain';
import { agentStore, dependencyStore, dispatchStore, type Store, type StoredJob } from '@drover/store';
import { CAUSE_TEXTS } from './cause-texts.js';
import type { QueryService } from './query.service.js';

export interface Reason {
  /** One word. */
  code: string;
  /** One sentence. */
  message: string;
  remedy: string | null;
}

export interface Explanation {
  job: StoredJob;
  summary: string;
  reasons: Reason[];
}

/** A reason that another library gives why a job waits, e.g. resources that no node has. */
export type Explainer = (job: StoredJob, agents: Agent[]) => Promise<Reason[]>;

const reason = (code: string, message: string, remedy: string | null = null): Reason => ({ code, message, remedy });

/** A ticket goes out within milliseconds; one that waits for longer than this could not be sent. */
const UNSENT_S = 5;

function ticketUnsent(job: StoredJob, ageS: number, why: string | null): Reason {
  const cause = why === null ? '' : `: ${why}`;
  return reason(
    'ticket_not_sent',
    `Its ticket could not be sent to the ticket store for ${Math.round(ageS)} s${cause}${cause.endsWith('.') ? '' : '.'} It is tried every 2 s.`,
    why === null
      ? `The log of the API says why, of the queue ${job.queue}.`
      : 'Mend the ticket store; `drover doctor` looks at it.',
  );
}

/** Workers that could run it, were there room on their disks; `others` more could, too. */
export function disksFull(queue: string, full: Pick<Agent, 'name'>[], others: number): Reason {
  const names = `${full
    .slice(0, 5)
    .map((agent) => agent.name)
    .join(', ')}${full.length > 5 ? ', …' : ''}`;
  const whose =
    others > 0
      ? `${full.length} of the ${full.length + others} workers of ${queue} that could run it`
      : `all workers of ${queue} that could run it`;
  return reason(
    'disk_full',
    `The disks of ${whose} are full (${names}): they take no jobs until there is room.`,
    `Free space on the data folder of ${names}, or add a worker.`,
  );
}

/** Why a job is not running yet, or why it ended as it did. */
export class ExplainService {
  private readonly explainers: Explainer[] = [];

  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
    /** Why tickets of a queue could not be sent, as far as this process knows. */
    private readonly failureOf: (queue: string) => string | null = () => null,
  ) {}

  /** Adds reasons for jobs that wait in the queue. */
  add(explainer: Explainer): void {
    this.explainers.push(explainer);
  }

  /** Throws `not_found`. */
  async explain(id: string): Promise<Explanation> {
    const job = await this.query.get(id);
    const reasons = isTerminal(job.state)
      ? endOf(job)
      : job.state === 'queued' || job.state === 'scheduled'
        ? await this.waiting(job)
        : activity(job);
    const summary = reasons[0] ? `${title(job)}: ${reasons[0].message}` : `${title(job)}.`;
    return { job, summary, reasons };
  }

  private async waiting(job: StoredJob): Promise<Reason[]> {
    const reasons: Reason[] = [];
    if (job.cron)
      return [
        reason(
          'cron',
          `It repeats by the pattern "${job.cron.pattern}" (${job.cron.timezone}); each tick is a job of its own.`,
          `List them: their parent_id is ${job.id}.`,
        ),
      ];
    if (job.held)
      reasons.push(
        reason(
          'held',
          'It is held: its attachments have not come, or its farm runs as many jobs as it may.',
          'Send the attachments, wait for the others of its farm, or cancel it.',
        ),
      );
    if (job.pending_dependencies > 0) reasons.push(await this.dependencies(job));
    if (job.start_at && job.start_at.getTime() > Date.now()) {
      const why = job.attempt > 1 ? `Attempt ${job.attempt - 1} failed; the next one starts` : 'It is to start';
      reasons.push(
        reason(
          'not_yet',
          `${why} at ${job.start_at.toISOString()}, in ${Math.ceil((job.start_at.getTime() - Date.now()) / 1000)} s.`,
        ),
      );
    }
    const unsent = await dispatchStore.oldest(this.store.sql, job.id);
    if (unsent !== null && unsent > UNSENT_S) reasons.push(ticketUnsent(job, unsent, this.failureOf(job.queue)));
    if (await this.query.paused(job.queue))
      reasons.push(
        reason(
          'queue_paused',
          `The queue ${job.queue} is paused.`,
          `Resume it: POST /api/v1/queues/${encodeURIComponent(job.queue)}/resume.`,
        ),
      );
    if (job.dispatch === 'observed') return reasons;
    const agents = await agentStore.list(this.store.sql, { queue: job.queue });
    const online = agents.filter((agent) => agent.state === 'online');
    if (online.length === 0) reasons.push(nobody(job, agents));
    else reasons.push(...(await this.among(job, online)));
    const off = clocksOff(online);
    if (off)
      reasons.push(
        reason(
          'clock_skew',
          `${off} Jobs start by the broker's clock all the same.`,
          'Let the nodes follow a time server (NTP).',
        ),
      );
    if (job.losses > 0)
      reasons.push(
        reason(
          'lost_before',
          `It was started ${job.losses} time${job.losses === 1 ? '' : 's'} on nodes that were lost.`,
        ),
      );
    return reasons;
  }

  /** There are agents: what they lack. */
  private async among(job: StoredJob, online: Agent[]): Promise<Reason[]> {
    const reasons: Reason[] = [];
    for (const explainer of this.explainers) reasons.push(...(await explainer(job, online)));
    if (job.dispatch === 'pull')
      return [
        ...reasons,
        reason(
          'waits_for_pull',
          `${online.length} HTTP-pull agent(s) serve the queue; it waits until one asks for a job.`,
        ),
      ];
    const workers = online.filter((agent) => agent.kind === 'worker');
    const able = job.spec.container ? workers.filter((agent) => agent.facts?.executors.includes('container')) : workers;
    if (job.spec.container && able.length === 0) {
      const why = workers.map((agent) => agent.facts?.container_problem).find((text) => text !== undefined);
      reasons.push(
        reason(
          'no_container_engine',
          `It needs a container, and no online worker of ${job.queue} can run one${why ? ` (${why})` : ''}.`,
          'Set DROVER_DOCKER_SOCKET on a worker, or submit it without an image.',
        ),
      );
      return reasons;
    }
    const full = able.filter((agent) => blockOf(agent) === 'disk_full');
    const taking = able.filter((agent) => blockOf(agent) === null);
    const free = taking.reduce((sum, agent) => sum + agent.slots_free, 0);
    const ahead = job.state === 'queued' ? await this.query.ahead(job) : 0;
    // Placement explains a job with demands: room is more than a slot.
    if (free === 0 && full.length > 0 && job.dispatch !== 'placed')
      reasons.push(disksFull(job.queue, full, taking.length));
    if (free === 0 && taking.length > 0) {
      const slots = taking.reduce((sum, agent) => sum + agent.slots, 0);
      reasons.push(
        reason(
          'slots_busy',
          `All ${slots} slots of the ${taking.length} ${full.length > 0 ? 'other ' : ''}worker(s) that serve ${job.queue} are busy.`,
          'Wait, add a worker, or give it a higher priority.',
        ),
      );
    }
    if (ahead > 0) reasons.push(reason('others_first', `${ahead} job(s) of the queue come before it.`));
    if (reasons.length === 0 && job.state === 'queued')
      reasons.push(reason('starting', 'A worker has a free slot; it starts in a moment.'));
    return reasons;
  }

  private async dependencies(job: StoredJob): Promise<Reason> {
    const states = await dependencyStore.states(this.store.sql, job.depends_on);
    const waiting = job.depends_on.filter((id) => states.get(id) !== 'succeeded');
    const shown = waiting.slice(0, 5).map((id) => `${id} (${states.get(id) ?? 'deleted'})`);
    return reason(
      'dependencies',
      `It waits for ${job.pending_dependencies} job(s): ${shown.join(', ')}${waiting.length > 5 ? ', …' : ''}.`,
    );
  }
}

const title = (job: StoredJob): string => `The job is ${job.state}`;

function nobody(job: StoredJob, agents: Agent[]): Reason {
  const old = agents.filter((agent) => agent.state === 'draining' && isTooOld(agent));
  if (old.length > 0 && old.length === agents.filter((agent) => agent.state !== 'offline').length)
    return reason(
      'agents_too_old',
      `Every worker that serves ${job.queue} speaks a version of the agent protocol that is too old: ${old[0]?.name}${old.length > 1 ? ` and ${old.length - 1} more` : ''}.`,
      "Install the API's version of Drover on the nodes, and restart their workers.",
    );
  const draining = agents.filter((agent) => agent.state === 'draining').length;
  if (draining > 0)
    return reason(
      'agents_draining',
      `Every agent that serves ${job.queue} is draining (${draining}).`,
      'Undrain one, or start another worker.',
    );
  if (agents.length > 0)
    return reason(
      'agents_offline',
      `All ${agents.length} agent(s) that serve ${job.queue} are offline; ${agents[0]?.name} was last seen at ${agents[0]?.last_seen_at.toISOString()}.`,
      'Start a worker.',
    );
  return reason(
    'no_agent',
    `No agent serves the queue ${job.queue}.`,
    `Start a worker with DROVER_QUEUES=${job.queue}, or submit to another queue.`,
  );
}

function activity(job: StoredJob): Reason[] {
  if (job.dispatch === 'observed') return [reason('observed', 'It runs outside of Drover, which observes it.')];
  if (job.state === 'claimed') return [reason('starting', `${job.node} has it and is starting its process.`)];
  if (job.state === 'cancelling')
    return [reason('cancelling', `${job.node} is ending its processes (${job.cancel_reason ?? 'cancelled'}).`)];
  return [
    reason('running', `It runs on ${job.node}${job.started_at ? ` since ${job.started_at.toISOString()}` : ''}.`),
  ];
}

function endOf(job: StoredJob): Reason[] {
  if (job.state === 'succeeded')
    return [
      reason(
        'succeeded',
        `It ended well on ${job.node ?? 'its node'} in attempt ${job.attempt}.${job.cause_detail === null ? '' : ` ${job.cause_detail}`}`,
      ),
    ];
  const cause = job.cause ?? 'exit_code';
  const how = job.signal ? `signal ${job.signal}` : job.exit_code !== null ? `exit code ${job.exit_code}` : cause;
  return [reason(cause, job.cause_detail ?? `It ended with ${how}.`, CAUSE_TEXTS[cause].remedy)];
}
