import { Injectable } from '@nestjs/common';
import { V1JobsService, type V1Request } from '@drover/dialects/v1-jobs';
import type { StoredJob } from '@drover/jobs';
import { decimalId } from '../http/flux-id.js';

/** Numbers as Flux gives them, ids of the record: nobody else's, whether there is such a job or not. */
const OURS = /^(\d+|0x[\da-f]+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i;
/** Names below /job that are not a job's, even if there is one of that name. */
const TAKEN = new Set(['list']);

export type PortalRequest = V1Request & {
  /** The job that the path names. `theirs`: the path is another API's; null: it is ours, and there is no such job. */
  portalJob?: StoredJob | null | 'theirs';
};

/**
 * Decides which dialect answers `/job/<id>`: the metric proxy has paths there as well, so a word is a job only when
 * there is one of that name.
 */
@Injectable()
export class JobOfPath {
  constructor(private readonly jobs: V1JobsService) {}

  async find(id: string): Promise<StoredJob | null | 'theirs'> {
    if (TAKEN.has(id)) return 'theirs';
    return (await this.jobs.lookUp(decimalId(id))) ?? (OURS.test(id) ? null : 'theirs');
  }
}
