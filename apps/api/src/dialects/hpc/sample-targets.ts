import { Inject, Injectable } from '@nestjs/common';
import { isDroverError } from '@drover/domain';
import { cpusOf, V1JobsService } from '../../dialects-shared/v1-jobs/index.js';

/** Jobs remembered; the oldest go first. */
const MOST = 20_000;

interface Target {
  job_id: string;
  /** 100 % of its CPU usage. */
  cpus: number;
}

/** Which job an id of the route is, remembered: a reporter sends the same id again and again, and neither part of the answer changes while the job exists. */
@Injectable()
export class SampleTargets {
  private readonly known = new Map<string, Target>();

  constructor(@Inject(V1JobsService) private readonly jobs: V1JobsService) {}

  /** Does `work` with the job; once more with a fresh look when the remembered one is gone (deleted, perhaps made anew). Throws `not_found`. */
  async with<T>(id: string, work: (target: Target) => Promise<T>): Promise<T> {
    const known = this.known.get(id);
    if (known) {
      try {
        return await work(known);
      } catch (error) {
        if (!isDroverError(error, 'not_found')) throw error;
        this.known.delete(id);
      }
    }
    return work(await this.look(id));
  }

  private async look(id: string): Promise<Target> {
    const job = await this.jobs.find(id);
    const target = { job_id: job.id, cpus: cpusOf(job) };
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value as string);
    this.known.set(id, target);
    return target;
  }
}
