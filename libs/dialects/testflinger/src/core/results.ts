import { asSystem } from '@drover/access';
import { DroverError, isActive, isDroverError, isTerminal, isWaiting, type Cause } from '@drover/domain';
import type { ClaimsService, ControlService, QueryService, ReportsService } from '@drover/jobs';
import { type Store, type StoredJob } from '@drover/store';
import { labResultStore } from '../record/result.store.js';
import { NAMELESS, type LabAgents } from './agents.js';
import { FINAL_WORDS, isOver, PHASES, wordOf } from './job-states.js';

/** Outcomes as agents post them, and what they mean for the job. */
export class LabResults {
  constructor(
    private readonly store: Store,
    private readonly services: {
      claims: ClaimsService;
      control: ControlService;
      query: QueryService;
      reports: ReportsService;
    },
    private readonly agents: LabAgents,
  ) {}

  /**
   * Merges what was posted, then moves the job. Under an id that no job has, everything is kept as it came.
   * `agentName`: who says so, if known.
   */
  async post(
    ref: string,
    body: Record<string, unknown>,
    job: StoredJob | null,
    agentName: string | null,
  ): Promise<void> {
    const { job_state: word, ...values } = body;
    if (
      job &&
      isWaiting(job.state) &&
      typeof word === 'string' &&
      job.dialect !== 'testflinger' &&
      job.dispatch !== 'pull'
    ) {
      throw new DroverError('conflict', `Job ${ref} came through another API and was handed out to no agent.`);
    }
    await labResultStore.merge(this.store.sql, ref, job ? values : body);
    if (!job) return;
    if (job.agent_id && isActive(job.state)) await this.agents.seen(job.agent_id);
    const codes = statusOf(values);
    if (typeof word !== 'string') {
      if (Object.keys(codes).length > 0 && job.execution_id && isActive(job.state))
        await this.services.control.setPhase(job.execution_id, null, codes);
      return;
    }
    if (isTerminal(job.state)) return;
    if (FINAL_WORDS.includes(word)) await this.end(ref, job, word, codes);
    else if (!isOver(job.state) && word !== 'waiting') await this.enter(job, word, codes, agentName);
  }

  /** The posted results and the word for the job's state; null when nothing is known under this id. */
  async read(ref: string, job: StoredJob | null): Promise<Record<string, unknown> | null> {
    const values = await labResultStore.get(this.store.sql, ref);
    if (!job) return values;
    const { status, ...rest } = values ?? {};
    const codes = Object.fromEntries(
      Object.entries(statusOf({ status })).map(([phase, code]) => [`${phase}_status`, code]),
    );
    // Whether the caller may read the job was asked before.
    return { ...codes, ...rest, job_state: await asSystem(() => this.word(job)) };
  }

  /** The word for the job's state. */
  async word(job: StoredJob): Promise<string> {
    const held = job.state === 'claimed' || job.state === 'running';
    return wordOf(job.state, held ? ((await this.services.query.present(job))?.phase ?? null) : null);
  }

  /** The agent has begun a phase (or says any other word). */
  private async enter(
    job: StoredJob,
    word: string,
    codes: Record<string, number>,
    agentName: string | null,
  ): Promise<void> {
    let executionId = job.execution_id;
    if (isWaiting(job.state)) {
      // Somebody works on it who did not take it from us; from now on it is theirs.
      const agent = await this.agents.puller(agentName ?? NAMELESS);
      const [claimed] = await this.services.claims.claim(agent, [{ ticket_id: '', job_id: job.id }]);
      if (claimed?.outcome !== 'claimed') return;
      executionId = claimed.execution.execution_id;
      await this.services.reports.apply(agent.id, [
        {
          kind: 'started',
          execution_id: executionId,
          epoch: claimed.execution.epoch,
          pid: null,
          spawned_at: new Date().toISOString(),
        },
      ]);
    }
    if (executionId) await this.services.control.setPhase(executionId, word, codes);
  }

  private async end(ref: string, job: StoredJob, word: string, codes: Record<string, number>): Promise<void> {
    const stored = (await labResultStore.get(this.store.sql, ref, RESULT_KEYS)) ?? {};
    if (job.execution_id && Object.keys(codes).length > 0 && isActive(job.state))
      await this.services.control.setPhase(job.execution_id, null, codes);
    const outcome = outcomeOf(stored);
    try {
      // A cancelled job stays cancelled, whatever its agent says at the end.
      const cancelled = word === 'cancelled' || job.state === 'cancelling';
      await this.services.control.end(job.id, cancelled ? { ...outcome, ok: false, cancelled: true } : outcome);
    } catch (error) {
      if (!isDroverError(error, 'terminal')) throw error;
    }
  }
}

const RESULT_KEYS = ['status', 'exit_code', ...PHASES.map((phase) => `${phase}_status`)];

/** Exit codes by phase, from both generations of agents. */
export function statusOf(values: Record<string, unknown>): Record<string, number> {
  const codes: Record<string, number> = {};
  const status = values['status'];
  if (typeof status === 'object' && status !== null) {
    for (const [phase, code] of Object.entries(status)) if (typeof code === 'number') codes[phase] = code;
  }
  for (const phase of PHASES) {
    const code = values[`${phase}_status`];
    if (typeof code === 'number') codes[phase] = code;
  }
  return codes;
}

/** Success or failure is not in this dialect's states: it is in the codes of the phases. */
function outcomeOf(values: Record<string, unknown>): {
  ok: boolean;
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number;
} {
  const codes = statusOf(values);
  const failed = PHASES.find((phase) => (codes[phase] ?? 0) !== 0);
  const code =
    failed === undefined
      ? typeof values['exit_code'] === 'number'
        ? values['exit_code']
        : 0
      : (codes[failed] as number);
  if (code === 0) return { ok: true, cause: null, cause_detail: null, exit_code: 0 };
  const detail =
    failed === undefined ? `It ended with exit code ${code}.` : `Phase ${failed} ended with exit code ${code}.`;
  return { ok: false, cause: 'exit_code', cause_detail: detail, exit_code: storable(code) };
}

/** The record's exit codes are 32-bit integers. */
const storable = (code: number): number => (Number.isInteger(code) && Math.abs(code) < 2 ** 31 ? code : 1);
