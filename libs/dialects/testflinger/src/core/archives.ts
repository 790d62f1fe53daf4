import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import type { BlobStore } from '@drover/blobs';
import { DEFAULT_PROJECT, isDroverError } from '@drover/domain';
import type { ArtifactIntake } from '@drover/quotas';
import { artifactStore, jobStore, type Store, type StoredJob } from '@drover/store';
import { labResultStore, type LabBlob } from '../record/result.store.js';

/** The name of a job's artifact archive in the native API. */
export const ARTIFACT_NAME = 'artifact.tar.gz';

/** Archives of jobs: attachments in, artifacts out. Streams, never opened here. */
export class Archives {
  constructor(
    private readonly store: Store,
    private readonly blobs: BlobStore,
    private readonly intake: ArtifactIntake,
    private readonly log: { warn(data: object, message: string): void },
  ) {}

  /** Stores the archive; an earlier one is replaced when the new one is complete. Throws `quota`. */
  async put(ref: string, kind: LabBlob['kind'], body: Readable, job: StoredJob | null): Promise<void> {
    const key = `testflinger/${kind}/${uuidv7()}`;
    const earlier = await labResultStore.blob(this.store.sql, ref, kind);
    const incoming = { project: job?.project ?? DEFAULT_PROJECT, key, body, replaced: earlier?.size ?? 0 };
    const { value: replaced } = await this.intake.take(incoming, async (sql, info) => {
      const old = await labResultStore.putBlob(sql, { ref, kind, blob_key: key, ...info });
      // The native API shows it, too. The blob is one; whoever goes first takes it along.
      if (job && kind === 'artifact' && (await jobStore.hold(sql, job.id))) {
        const artifact = {
          path: ARTIFACT_NAME,
          ...info,
          content_type: 'application/gzip',
          blob_key: key,
          created_at: new Date(),
        };
        await artifactStore.put(sql, { job_id: job.id, execution_id: job.execution_id, ...artifact });
      }
      return old;
    });
    if (replaced) await this.forget([replaced]);
  }

  async info(
    ref: string,
    kind: LabBlob['kind'],
    job: StoredJob | null,
  ): Promise<Pick<LabBlob, 'blob_key' | 'size'> | null> {
    const blob = await labResultStore.blob(this.store.sql, ref, kind);
    // A worker of Drover uploads its archive as any artifact.
    return blob ?? (job && kind === 'artifact' ? artifactStore.get(this.store.sql, job.id, ARTIFACT_NAME) : null);
  }

  /** Null when its bytes are gone. */
  async open(blob: Pick<LabBlob, 'blob_key'>, range?: { start: number; end: number }): Promise<Readable | null> {
    try {
      return await this.blobs.get(blob.blob_key, range);
    } catch (error) {
      if (isDroverError(error, 'not_found')) return null;
      throw error;
    }
  }

  /** Best effort: bytes left behind cost disk, nothing else. */
  async forget(keys: string[]): Promise<void> {
    for (const key of keys)
      await this.blobs
        .delete(key)
        .catch((error: unknown) => this.log.warn({ error: String(error), key }, 'a blob was left behind'));
  }
}
