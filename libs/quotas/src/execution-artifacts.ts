import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import type { BlobInfo, BlobStore } from '@drover/blobs';
import { DroverError } from '@drover/domain';
import { artifactStore, executionStore, jobStore, type Store } from '@drover/store';
import type { ArtifactIntake } from './artifact-intake.js';

/** A file that an agent sends of an execution it holds. */
export interface SentArtifact {
  agentId: string;
  executionId: string;
  epoch: number;
  path: string;
  body: Readable;
  /** Bytes that are to come, as the sender has said; 0: it has not. */
  told: number;
}

/** Files that executions leave behind. */
export class ExecutionArtifacts {
  constructor(
    private readonly store: Store,
    private readonly blobs: BlobStore,
    private readonly intake: ArtifactIntake,
  ) {}

  /** Stores a file in the place of an earlier one of its path. Throws `stale` when the agent no longer holds the job. */
  async take({ agentId, executionId, epoch, path, body, told }: SentArtifact): Promise<BlobInfo> {
    const { sql } = this.store.agents;
    const execution = await executionStore.get(sql, executionId);
    if (!execution || execution.agent_id !== agentId || execution.epoch !== epoch || execution.state === 'ended') {
      throw stale();
    }
    const job = await jobStore.get(sql, execution.job_id);
    if (!job) throw new DroverError('stale', 'The job is gone.');
    const key = `artifacts/${execution.job_id}/${uuidv7()}`;
    const earlier = await artifactStore.get(sql, job.id, path);
    const incoming = { project: job.project, key, body, told, replaced: earlier?.size ?? 0 };
    const { info, value: replaced } = await this.intake.take(incoming, async (tx, { size, sha256 }) => {
      // The bytes took their time: the job may be another agent's by now, or this one nobody.
      if (!(await executionStore.isHeld(tx, executionId, agentId, epoch))) throw stale();
      return artifactStore.put(tx, {
        job_id: job.id,
        execution_id: executionId,
        path,
        size,
        sha256,
        content_type: 'application/octet-stream',
        blob_key: key,
        created_at: new Date(),
      });
    });
    if (replaced) await this.blobs.delete(replaced).catch(() => undefined);
    return info;
  }
}

/** An agent that does not, or no longer, hold the job it speaks of. */
export const stale = (): DroverError => new DroverError('stale', 'The execution no longer holds its job.');
