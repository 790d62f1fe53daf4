import type { Artifact } from '@drover/domain';
import type { Sql } from './sql.js';

type ArtifactRow = Omit<Artifact, 'size'> & { size: string };
const COLUMNS = 'job_id, execution_id, path, size, sha256, content_type, blob_key, created_at';
const toArtifact = (row: ArtifactRow): Artifact => ({ ...row, size: Number(row.size) });

export const artifactStore = {
  /** A later upload of the same path replaces the earlier one; returns the blob that is no longer needed. */
  async put(sql: Sql, artifact: Artifact): Promise<string | null> {
    const rows = await sql.rows<{ blob_key: string | null }>(
      `WITH old AS (SELECT blob_key FROM artifact WHERE job_id = $1 AND path = $3 FOR UPDATE),
       put AS (
         INSERT INTO artifact (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (job_id, path) DO UPDATE SET execution_id = excluded.execution_id, size = excluded.size, sha256 = excluded.sha256,
           content_type = excluded.content_type, blob_key = excluded.blob_key, created_at = excluded.created_at)
       SELECT blob_key FROM old`,
      [
        artifact.job_id,
        artifact.execution_id,
        artifact.path,
        artifact.size,
        artifact.sha256,
        artifact.content_type,
        artifact.blob_key,
        artifact.created_at,
      ],
    );
    return rows[0]?.blob_key ?? null;
  },

  async get(sql: Sql, jobId: string, path: string): Promise<Artifact | null> {
    const rows = await sql.rows<ArtifactRow>(`SELECT ${COLUMNS} FROM artifact WHERE job_id = $1 AND path = $2`, [
      jobId,
      path,
    ]);
    return rows[0] ? toArtifact(rows[0]) : null;
  },

  /** The blobs of a job's artifacts. */
  async blobsOf(sql: Sql, jobId: string): Promise<string[]> {
    const rows = await sql.rows<{ blob_key: string }>('SELECT blob_key FROM artifact WHERE job_id = $1', [jobId]);
    return rows.map((row) => row.blob_key);
  },

  async ofJob(sql: Sql, jobId: string): Promise<Artifact[]> {
    return (
      await sql.rows<ArtifactRow>(`SELECT ${COLUMNS} FROM artifact WHERE job_id = $1 ORDER BY path LIMIT 100000`, [
        jobId,
      ])
    ).map(toArtifact);
  },
};
