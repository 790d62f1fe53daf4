import { isDroverError } from '@drover/domain';
import type { ControlService, SweepService } from '@drover/jobs';
import { type Store } from '@drover/store';
import { labJobStore } from '../record/job.store.js';
import { labResultStore } from '../record/result.store.js';

const BATCH = 500;

/** Does the work that time alone brings: deletes old rows and ends what has waited too long. */
export class LabUpkeep {
  constructor(
    private readonly store: Store,
    private readonly control: ControlService,
    private readonly sweep: SweepService,
  ) {}

  /** Cancelled jobs whose agents never said their end. */
  async endAbandonedCancels(seconds: number): Promise<number> {
    const ids = await labJobStore.abandonedCancels(this.store.sql, seconds, BATCH);
    for (const id of ids) {
      try {
        await this.control.end(id, { ok: false, cause: 'cancelled', cancelled: true });
      } catch (error) {
        if (!isDroverError(error)) throw error;
      }
    }
    return ids.length;
  }

  /** Jobs of HTTP-pull agents that were not heard of for so long wait again. */
  async loseSilentAgents(seconds: number): Promise<number> {
    let lost = 0;
    for (const agent of await labJobStore.silentHolders(this.store.sql, seconds)) {
      lost += await this.sweep.loseExecutions([agent.id], `Agent ${agent.name} was not heard of for ${seconds} s.`);
    }
    return lost;
  }

  /** Results, logs and archives nobody needs any more. Returns keys of blobs to delete. */
  async forgetOld(seconds: number): Promise<string[]> {
    return labResultStore.forgetOld(this.store.sql, seconds);
  }
}
