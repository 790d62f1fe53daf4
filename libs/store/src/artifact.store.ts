import type { Artifact } from '@drover/domain';
import { ArtifactEntity } from './entities/artifact.entity.js';
import * as SQL from './job-links.sql.js';
import type { Sql } from './sql.js';

/** Artifacts of a job that are listed at most. */
const MOST = 100_000;

export const artifactStore = {
  /** A later upload of the same path replaces the earlier one; returns the blob that is no longer needed. */
  async put(sql: Sql, artifact: Artifact): Promise<string | null> {
    const rows = await sql.rows<{ blob_key: string | null }>(SQL.PUT_ARTIFACT, [
      artifact.job_id,
      artifact.execution_id,
      artifact.path,
      artifact.size,
      artifact.sha256,
      artifact.content_type,
      artifact.blob_key,
      artifact.created_at,
    ]);
    return rows[0]?.blob_key ?? null;
  },

  async get(sql: Sql, jobId: string, path: string): Promise<Artifact | null> {
    return sql.entities(ArtifactEntity, (artifacts) => artifacts.findOneBy({ job_id: jobId, path }));
  },

  /** The blobs of a job's artifacts. */
  async blobsOf(sql: Sql, jobId: string): Promise<string[]> {
    const found = await sql.entities(ArtifactEntity, (artifacts) =>
      artifacts.find({ select: { blob_key: true }, where: { job_id: jobId } }),
    );
    return found.map((artifact) => artifact.blob_key);
  },

  /** By path. */
  async ofJob(sql: Sql, jobId: string): Promise<Artifact[]> {
    return sql.entities(ArtifactEntity, (artifacts) =>
      artifacts.find({ where: { job_id: jobId }, order: { path: 'ASC' }, take: MOST }),
    );
  },
};
