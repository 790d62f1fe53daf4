import { Injectable } from '@nestjs/common';
import { currentCaller } from '@drover/access';
import { DroverError, inLists, mapInPieces } from '@drover/domain';
import { QueryService } from '@drover/jobs';
import type { JobFilter, StoredJob } from '@drover/store';
import { fluxJob, mergedJob, type JobObject } from './job-object.js';

/** Jobs a reply without a limit holds at most. */
export const MOST_JOBS = 10_000;
/** Jobs whose names and usages are read at once. */
const AT_ONCE = 500;

const SHAPES = { merged: mergedJob, flux: fluxJob } as const;
/** merged: `state` is the observability service's word; flux: it is Flux's. */
export type JobShape = keyof typeof SHAPES;

export const v1JobNotFound = (): DroverError => new DroverError('not_found', 'Job not found');

/** Jobs as /v1/jobs knows them: by the text they were given there, else by the id of the record. */
@Injectable()
export class V1JobsService {
  constructor(private readonly query: QueryService) {}

  /** Throws `not_found`. */
  async find(id: string): Promise<StoredJob> {
    const job = await this.lookUp(id);
    if (!job) throw v1JobNotFound();
    return job;
  }

  /**
   * Several projects may use the same text. Within its project it is the observed job of this id, else the record's; to
   * those who see every project an id of the record, which there is once, is that job, and a text that several projects
   * use is the job of their own project, else the oldest.
   */
  async lookUp(id: string): Promise<StoredJob | null> {
    const across = currentCaller()?.scope === null;
    const own = across ? await this.query.find(id) : null;
    return (
      own ??
      (await this.query.byExternalId('hpc', id)) ??
      (await this.query.byExternalId('flux', id)) ??
      (across ? null : this.query.find(id))
    );
  }

  async list(
    filter: JobFilter,
    page: { limit: number; offset?: number; cursor?: string },
  ): Promise<{ jobs: StoredJob[]; next: string | null }> {
    return this.query.list(filter, page);
  }

  count(filter: JobFilter): Promise<number> {
    return this.query.count(filter);
  }

  /** The text each job is called by here, in the order of `jobs`. */
  async idsOf(jobs: StoredJob[]): Promise<string[]> {
    const names = new Map<string, string>();
    for (const dialect of ['flux', 'hpc'] as const) {
      const own = jobs.filter((job) => job.dialect === dialect).map((job) => job.id);
      if (own.length > 0) for (const [id, name] of await this.query.externalIds(dialect, own)) names.set(id, name);
    }
    return jobs.map((job) => names.get(job.id) ?? job.id);
  }

  async show(jobs: StoredJob[], shape: JobShape): Promise<JobObject[]> {
    if (jobs.length === 0) return [];
    const now = new Date();
    const shown: JobObject[] = [];
    await inLists(jobs, AT_ONCE, async (some) => {
      const [ids, usages] = await Promise.all([this.idsOf(some), this.query.usages(some.map((job) => job.id))]);
      shown.push(
        ...(await mapInPieces(some, (job, index) => SHAPES[shape](job, ids[index] as string, usages.get(job.id), now))),
      );
    });
    return shown;
  }

  async showOne(job: StoredJob, shape: JobShape = 'merged'): Promise<JobObject> {
    return (await this.show([job], shape))[0] as JobObject;
  }
}
