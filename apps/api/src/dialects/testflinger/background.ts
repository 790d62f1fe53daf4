import { Inject, Injectable } from '@nestjs/common';
import {
  Archives,
  LabAgents,
  LabJobs,
  LabQueues,
  LabUpkeep,
  WorkerOutput,
  workerScript,
} from '@drover/dialects/testflinger';
import { Core } from '../../core/core.js';
import { SecretsAtHandOut } from './secrets-at-hand-out.js';

const UPKEEP_MS = 10_000;
const RETENTION_MS = 600_000;

/** What this dialect does without being asked: jobs for Drover's own workers, silent agents, retention. */
@Injectable()
export class Background {
  private readonly upkeep: LabUpkeep;

  constructor(
    @Inject(Core) private readonly core: Core,
    @Inject(LabJobs) private readonly jobs: LabJobs,
    @Inject(LabAgents) private readonly agents: LabAgents,
    @Inject(LabQueues) private readonly queues: LabQueues,
    @Inject(Archives) private readonly archives: Archives,
    @Inject(WorkerOutput) private readonly workers: WorkerOutput,
    @Inject(SecretsAtHandOut) private readonly secrets: SecretsAtHandOut,
  ) {
    this.upkeep = new LabUpkeep(core.store, core.control, core.sweep);
  }

  begin(): void {
    this.runOnWorkers();
    const { leaseS, cancelGraceS } = this.core.config.dialects.testflinger;
    this.core.onTick('testflinger-upkeep', UPKEEP_MS, async () => {
      await this.upkeep.endAbandonedCancels(cancelGraceS);
      if (leaseS > 0) await this.upkeep.loseSilentAgents(leaseS);
    });
    this.core.onTick('testflinger-retention', RETENTION_MS, () => this.forget());
  }

  /** Drops what is older than the retention. */
  async forget(): Promise<void> {
    const { retentionS } = this.core.config.dialects.testflinger;
    await this.agents.forgetSilent(retentionS);
    await this.queues.forgetSilent(retentionS);
    await this.archives.forget(await this.upkeep.forgetOld(retentionS));
  }

  /**
   * A worker gets a script of the phases, with the secrets for the test phase beside it, and overwrites them in the
   * output.
   */
  private runOnWorkers(): void {
    this.core.claims.enrich(async (job, agent, execution) => {
      if (job.dialect !== 'testflinger' || agent.kind !== 'worker') return execution;
      const ref = await this.jobs.refOf(job.id);
      const attachments = (await this.archives.info(ref, 'attachments', null)) !== null;
      const secrets = await this.secrets.values(job.payload, job);
      await Promise.all([this.jobs.waited(job), this.agents.workerTook(agent, ref)]);
      const { command, env } = workerScript(job.payload, { attachments, ref, secrets });
      const mask = Object.values(secrets);
      return {
        ...execution,
        spec: { ...execution.spec, env: { ...execution.spec.env, ...env }, command },
        ...(mask.length > 0 ? { mask } : {}),
      };
    });
    const onEnded = (jobs: { id: string; dialect: string }[]): void => {
      for (const job of jobs) if (job.dialect === 'testflinger') void this.readOutput(job.id);
    };
    this.core.reports.onEnded(onEnded);
    this.core.sweep.onEnded(onEnded);
  }

  /** The codes of the phases are in the output; the native API shows them with the execution. */
  private async readOutput(jobId: string): Promise<void> {
    try {
      await this.workers.sync(await this.jobs.refOf(jobId), await this.core.query.find(jobId));
    } catch (error) {
      this.core.log.warn(
        { error: String(error), job_id: jobId },
        'the output of a worker is read when somebody asks for it',
      );
    }
  }
}
