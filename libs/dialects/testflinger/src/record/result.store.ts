import type { Sql } from '@drover/store';

/** The kinds of a job's stored archives. */
export const LAB_BLOB_KINDS = ['attachments', 'artifact'] as const;
export type LabBlobKind = (typeof LAB_BLOB_KINDS)[number];

/** A stored archive of a job: its attachments or its artifacts. */
export interface LabBlob {
  ref: string;
  kind: LabBlobKind;
  blob_key: string;
  size: number;
  sha256: string;
  updated_at: Date;
}

/** Results as agents post them, and the archives beside. `ref` is the job id as it was spelled; the job need not exist. */
export const labResultStore = {
  /** Top-level keys replace, others stay. Values are anything JSON can say. */
  async merge(sql: Sql, ref: string, values: Record<string, unknown>): Promise<void> {
    const keys = Object.keys(values).sort();
    if (keys.length === 0) return;
    await sql.run(
      `INSERT INTO testflinger_result (ref, key, value) SELECT $1, * FROM unnest($2::text[], $3::text[])
       ON CONFLICT (ref, key) DO UPDATE SET value = excluded.value, updated_at = now()`,
      [ref, keys, keys.map((key) => JSON.stringify(values[key]))],
    );
  },

  /** Null when nothing was ever posted. */
  async get(sql: Sql, ref: string, keys?: string[]): Promise<Record<string, unknown> | null> {
    const rows = await sql.rows<{ key: string; value: string }>(
      'SELECT key, value FROM testflinger_result WHERE ref = $1 AND ($2::text[] IS NULL OR key = ANY($2))',
      [ref, keys ?? null],
    );
    return rows.length === 0
      ? null
      : Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value) as unknown]));
  },

  /** Replaces; returns the key of the blob that is no longer needed. */
  async putBlob(sql: Sql, blob: Omit<LabBlob, 'updated_at'>): Promise<string | null> {
    const rows = await sql.rows<{ blob_key: string }>(
      `WITH old AS (SELECT blob_key FROM testflinger_blob WHERE ref = $1 AND kind = $2 FOR UPDATE),
       put AS (
         INSERT INTO testflinger_blob (ref, kind, blob_key, size, sha256) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (ref, kind) DO UPDATE SET blob_key = excluded.blob_key, size = excluded.size, sha256 = excluded.sha256, updated_at = now())
       SELECT blob_key FROM old`,
      [blob.ref, blob.kind, blob.blob_key, blob.size, blob.sha256],
    );
    return rows[0]?.blob_key ?? null;
  },

  async blob(sql: Sql, ref: string, kind: LabBlob['kind']): Promise<LabBlob | null> {
    const rows = await sql.rows<Omit<LabBlob, 'size'> & { size: string }>(
      'SELECT ref, kind, blob_key, size, sha256, updated_at FROM testflinger_blob WHERE ref = $1 AND kind = $2',
      [ref, kind],
    );
    return rows[0] ? { ...rows[0], size: Number(rows[0].size) } : null;
  },

  /**
   * Forgets everything under this id (it is submitted anew), but perhaps its attachments. Returns keys of blobs to
   * delete.
   */
  async clear(sql: Sql, ref: string, keepAttachments: boolean): Promise<string[]> {
    for (const table of ['result', 'fragment', 'output', 'run'])
      await sql.run(`DELETE FROM testflinger_${table} WHERE ref = $1`, [ref]);
    return (
      await sql.rows<{ blob_key: string }>(
        `DELETE FROM testflinger_blob WHERE ref = $1 AND NOT ($2 AND kind = 'attachments') RETURNING blob_key`,
        [ref, keepAttachments],
      )
    ).map((row) => row.blob_key);
  },

  /** Forgets what was not touched for so long and belongs to no live job. Returns keys of blobs to delete. */
  async forgetOld(sql: Sql, seconds: number): Promise<string[]> {
    const old = (column: string): string => `${column} < now() - make_interval(secs => $1) AND NOT EXISTS (
      SELECT 1 FROM job j LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = 'testflinger'
      WHERE coalesce(r.external_id, j.id::text) = t.ref AND j.state IN ('scheduled','queued','claimed','running','cancelling'))`;
    await sql.run(`DELETE FROM testflinger_output WHERE at < now() - interval '4 hours'`);
    await sql.run(`DELETE FROM testflinger_result t WHERE ${old('t.updated_at')}`, [seconds]);
    await sql.run(`DELETE FROM testflinger_fragment t WHERE ${old('t.stored_at')}`, [seconds]);
    await sql.run(`DELETE FROM testflinger_run t WHERE ${old('t.updated_at')}`, [seconds]);
    const rows = await sql.rows<{ blob_key: string }>(
      `DELETE FROM testflinger_blob t WHERE ${old('t.updated_at')} RETURNING blob_key`,
      [seconds],
    );
    return rows.map((row) => row.blob_key);
  },
};
