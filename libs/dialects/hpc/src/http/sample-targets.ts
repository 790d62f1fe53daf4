import { Injectable } from '@nestjs/common';
import { currentCaller } from '@drover/access';
import { cpusOf, V1JobsService } from '@drover/dialects/v1-jobs';
import { isDroverError } from '@drover/domain';
import type { SampledJob } from '@drover/metrics';

/** Jobs remembered; the oldest go first. */
const MOST = 20_000;

interface Target {
  /** The job with whom it belongs to. It grants nothing: rights are asked about it at every sample. */
  job: SampledJob;
  /** 100 % of its CPU usage. */
  cpus: number;
}

/**
 * Which job an id of the route is, remembered by who asks: a reporter sends the same id again and again. The same id
 * may be another job, or none, for somebody else.
 */
@Injectable()
export class SampleTargets {
  private readonly known = new Map<string, Target>();

  constructor(private readonly jobs: V1JobsService) {}

  /**
   * Does `work` with the job; once more with a fresh look when the remembered one is gone or has changed hands. Throws
   * `not_found`.
   */
  async with<T>(id: string, work: (target: Target) => Promise<T>): Promise<T> {
    const key = keyOf(id);
    const known = this.known.get(key);
    if (known) {
      try {
        return await work(known);
      } catch (error) {
        if (!isDroverError(error, 'not_found') && !isDroverError(error, 'forbidden')) throw error;
        this.known.delete(key);
      }
    }
    return work(await this.look(id, key));
  }

  private async look(id: string, key: string): Promise<Target> {
    const job = await this.jobs.find(id);
    const target = {
      job: { id: job.id, project: job.project, owner: job.owner, claimed_by: job.claimed_by },
      cpus: cpusOf(job),
    };
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value as string);
    this.known.set(key, target);
    return target;
  }
}

function keyOf(id: string): string {
  const caller = currentCaller();
  return caller === null ? `system ${id}` : JSON.stringify([caller.name, caller.home, caller.scope, id]);
}
