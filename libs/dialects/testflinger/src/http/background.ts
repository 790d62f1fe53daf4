import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, settingsOf } from '@drover/config';
import { ClaimsService, PeriodicWork, QueryService, ReportsService, SweepService } from '@drover/jobs';
import { LOGGER, type Logger } from '@drover/telemetry';
import { testflingerSettings } from '../config.js';
import { LabAgents } from '../core/agents.js';
import { Archives } from '../core/archives.js';
import { LabJobs } from '../core/jobs.js';
import { LabQueues } from '../core/queues.js';
import { LabUpkeep } from '../core/upkeep.js';
import { WorkerOutput } from '../core/worker-output.js';
import { workerScript } from '../core/worker-script.js';
import { SecretsAtHandOut } from './secrets-at-hand-out.js';

const UPKEEP_MS = 10_000;
const RETENTION_MS = 600_000;

/** Does the work of this dialect that nobody asks for: jobs for Drover's own workers, silent agents, retention. */
@Injectable()
export class Background {
  constructor(
    private readonly jobs: LabJobs,
    private readonly agents: LabAgents,
    private readonly queues: LabQueues,
    private readonly archives: Archives,
    private readonly workers: WorkerOutput,
    private readonly upkeep: LabUpkeep,
    private readonly secrets: SecretsAtHandOut,
    private readonly claims: ClaimsService,
    private readonly reports: ReportsService,
    private readonly sweep: SweepService,
    private readonly query: QueryService,
    private readonly work: PeriodicWork,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  begin(): void {
    this.runOnWorkers();
    const { leaseS, cancelGraceS } = settingsOf(this.config, testflingerSettings);
    this.work.every('testflinger-upkeep', UPKEEP_MS, async () => {
      await this.upkeep.endAbandonedCancels(cancelGraceS);
      if (leaseS > 0) await this.upkeep.loseSilentAgents(leaseS);
    });
    this.work.every('testflinger-retention', RETENTION_MS, () => this.forget());
  }

  /** Drops what is older than the retention. */
  async forget(): Promise<void> {
    const { retentionS } = settingsOf(this.config, testflingerSettings);
    await this.agents.forgetSilent(retentionS);
    await this.queues.forgetSilent(retentionS);
    await this.archives.forget(await this.upkeep.forgetOld(retentionS));
  }

  /**
   * A worker gets a script of the phases, with the secrets for the test phase beside it, and overwrites them in the
   * output.
   */
  private runOnWorkers(): void {
    this.claims.enrich(async (job, agent, execution) => {
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
    this.reports.onEnded(onEnded);
    this.sweep.onEnded(onEnded);
  }

  /** The codes of the phases are in the output; the native API shows them with the execution. */
  private async readOutput(jobId: string): Promise<void> {
    try {
      await this.workers.sync(await this.jobs.refOf(jobId), await this.query.find(jobId));
    } catch (error) {
      this.log.warn(
        { error: String(error), job_id: jobId },
        'the output of a worker is read when somebody asks for it',
      );
    }
  }
}
