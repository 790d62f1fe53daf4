import type { Readable } from 'node:stream';
import type { BlobInfo, BlobStore } from '@drover/blobs';
import { isDroverError, type Quota } from '@drover/domain';
import { projectStore, type Sql, type Store } from '@drover/store';
import type { QuotasService } from './quotas.service.js';

/** An object on its way in. */
export interface Incoming {
  project: string;
  key: string;
  body: Readable;
  /** Bytes that are to come, where the sender has said so. */
  told?: number;
  /** Bytes of what it replaces. */
  replaced?: number;
}

/** Makes the rows of an object that is stored. */
type Write<T> = (sql: Sql, info: BlobInfo) => Promise<T>;

/**
 * Stores artifacts, attachments and archives: the bytes first, then their rows, if the quotas of the project still
 * hold with them.
 */
export class ArtifactIntake {
  constructor(
    private readonly store: Store,
    private readonly blobs: BlobStore,
    private readonly quotas: QuotasService,
  ) {}

  /** `write` makes the rows. Throws `quota`; then nothing is left of the object. */
  async take<T>(incoming: Incoming, write: Write<T>): Promise<{ info: BlobInfo; value: T }> {
    const { project, key, body, told, replaced = 0 } = incoming;
    await this.quotas.ready();
    const before = await this.quotas.room(this.store.agents.sql, project, 'artifact_bytes');
    const most = before.free + replaced;
    if (most === 0 || (told ?? 0) > most) throw this.quotas.refusal(project, 'artifact_bytes', before, told);
    let info: BlobInfo;
    try {
      info = await this.blobs.put(key, body, most === Infinity ? {} : { maxBytes: most });
    } catch (error) {
      const isFull = isDroverError(error, 'too_large') && most !== Infinity;
      throw isFull ? this.quotas.refusal(project, 'artifact_bytes', before) : error;
    }
    try {
      return { info, value: await this.store.agents.tx((sql) => this.written(sql, project, info, write)) };
    } catch (error) {
      await this.blobs.delete(key).catch(() => undefined);
      throw error;
    }
  }

  /** Written and then counted: what was replaced has made room by then. */
  private async written<T>(sql: Sql, project: string, info: BlobInfo, write: Write<T>): Promise<T> {
    const limits = this.quotas.limits(project);
    const limited = (['artifacts', 'artifact_bytes'] satisfies Quota[]).filter((quota) => limits[quota] > 0);
    if (limited.length === 0) return write(sql, info);
    await projectStore.lock(sql, [project]);
    const before = await projectStore.usage(sql, project);
    const value = await write(sql, info);
    const after = await projectStore.usage(sql, project);
    const full = limited.find((quota) => after[quota] > limits[quota] && after[quota] > before[quota]);
    if (full === undefined) return value;
    throw this.quotas.refusal(project, full, { used: before[full], limit: limits[full] }, after[full] - before[full]);
  }
}
