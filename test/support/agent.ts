import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import type { ClaimedExecution, ReportItem } from '@drover/protocol';
import { agentStore, type StoredAgent } from '@drover/store';
import type { Services } from './services.js';

type Stream = 'stdout' | 'stderr';

/** One execution in the hands of a test: what a worker would report, report by report. */
export class ScriptedExecution {
  private readonly written: Record<Stream, Buffer[]> = { stdout: [], stderr: [] };
  private sequence = 0;

  constructor(
    private readonly core: Services,
    private readonly agent: StoredAgent,
    readonly claim: ClaimedExecution,
  ) {}

  get id(): string {
    return this.claim.execution_id;
  }

  /** The same execution, reported to another (or restarted) API. */
  with(core: Services, agent: StoredAgent): ScriptedExecution {
    const other = new ScriptedExecution(core, agent, this.claim);
    Object.assign(other, { written: this.written, sequence: this.sequence });
    return other;
  }

  async started(): Promise<this> {
    await this.report({ ...this.head(), kind: 'started', pid: 1, spawned_at: new Date().toISOString() });
    return this;
  }

  /** One chunk, one gzip member. */
  async write(text: string | Buffer, stream: Stream = 'stdout'): Promise<this> {
    const raw = Buffer.from(text);
    const offset = this.written[stream].reduce((sum, part) => sum + part.length, 0);
    await this.core.reports.append(this.agent.id, {
      ...this.head(),
      stream,
      offset,
      length: raw.length,
      sequence: this.sequence++,
      at: new Date(),
      data: gzipSync(raw),
    });
    this.written[stream].push(raw);
    return this;
  }

  async ended(
    result: {
      exit_code?: number;
      ok?: boolean;
      cause?: 'exit_code' | 'timeout' | 'signal';
      signal?: string;
      sha256?: string;
    } = {},
  ): Promise<this> {
    const exitCode = result.exit_code ?? 0;
    const ok = result.ok ?? (exitCode === 0 && !result.cause);
    const sum = (stream: Stream): { bytes: number; sha256: string } => {
      const all = Buffer.concat(this.written[stream]);
      return { bytes: all.length, sha256: result.sha256 ?? createHash('sha256').update(all).digest('hex') };
    };
    await this.report({
      ...this.head(),
      kind: 'ended',
      ok,
      cause: ok ? null : (result.cause ?? 'exit_code'),
      cause_detail: ok ? null : `It ended with ${exitCode}.`,
      exit_code: result.signal ? null : exitCode,
      signal: result.signal ?? null,
      exited_at: new Date().toISOString(),
      first_byte_at: null,
      stdout: sum('stdout'),
      stderr: sum('stderr'),
    });
    return this;
  }

  private async report(item: ReportItem): Promise<void> {
    const [answer] = await this.core.reports.apply(this.agent.id, [item]);
    if (answer?.status !== 200)
      throw new Error(`the report "${item.kind}" of ${this.id} was answered ${JSON.stringify(answer)}`);
  }

  private head(): { execution_id: string; epoch: number } {
    return { execution_id: this.claim.execution_id, epoch: this.claim.epoch };
  }
}

/** Well within the time after which an agent that is silent is given up. */
const ALIVE_MS = 2_000;

/**
 * An agent that does what the test says; it speaks to the core's services directly. Until the core is closed it says
 * that it lives, as a worker does: however long a test takes on a slow machine, its executions stay its own.
 */
export async function scriptedAgent(
  core: Services,
  name = 'scripted',
  queues = ['default'],
): Promise<{ agent: StoredAgent; claim(jobId: string): Promise<ScriptedExecution> }> {
  const agent = await agentStore.upsert(core.store.sql, {
    id: uuidv7(),
    name,
    kind: 'worker',
    state: 'online',
    queues,
    slots: 4,
    slots_free: 4,
    facts: null,
    boot_id: 'boot',
    token_hash: null,
    payload: {},
  });
  const alive = setInterval(() => void agentStore.alive(core.store.sql, agent.id).catch(() => undefined), ALIVE_MS);
  core.onClose(() => clearInterval(alive));
  return {
    agent,
    claim: async (jobId) => {
      // It serves the queue of whatever the test has it take.
      await core.store.sql.run(
        'UPDATE agent a SET queues = a.queues || j.queue FROM job j WHERE a.id = $1 AND j.id = $2 AND j.queue <> ALL (a.queues)',
        [agent.id, jobId],
      );
      const [result] = await core.claims.claim(agent, [{ ticket_id: `${jobId}-1`, job_id: jobId }]);
      if (result?.outcome !== 'claimed')
        throw new Error(`the claim of ${jobId} was answered ${JSON.stringify(result)}`);
      return new ScriptedExecution(core, agent, result.execution);
    },
  };
}
