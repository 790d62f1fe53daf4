import type { Sql } from '@drover/store';
import * as SQL from './result.sql.js';

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
    await sql.run(SQL.MERGE, [ref, keys, keys.map((key) => JSON.stringify(values[key]))]);
  },

  /** Null when nothing was ever posted. */
  async get(sql: Sql, ref: string, keys?: string[]): Promise<Record<string, unknown> | null> {
    const rows = await sql.rows<{ key: string; value: string }>(SQL.RESULT, [ref, keys ?? null]);
    return rows.length === 0
      ? null
      : Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value) as unknown]));
  },

  /** Replaces; returns the key of the blob that is no longer needed. */
  async putBlob(sql: Sql, blob: Omit<LabBlob, 'updated_at'>): Promise<string | null> {
    const rows = await sql.rows<{ blob_key: string }>(SQL.PUT_BLOB, [
      blob.ref,
      blob.kind,
      blob.blob_key,
      blob.size,
      blob.sha256,
    ]);
    return rows[0]?.blob_key ?? null;
  },

  async blob(sql: Sql, ref: string, kind: LabBlob['kind']): Promise<LabBlob | null> {
    const rows = await sql.rows<Omit<LabBlob, 'size'> & { size: string }>(SQL.BLOB, [ref, kind]);
    return rows[0] ? { ...rows[0], size: Number(rows[0].size) } : null;
  },

  /**
   * Forgets everything under this id (it is submitted anew), but perhaps its attachments. Returns keys of blobs to
   * delete.
   */
  async clear(sql: Sql, ref: string, keepAttachments: boolean): Promise<string[]> {
    for (const statement of SQL.CLEAR) await sql.run(statement, [ref]);
    return (await sql.rows<{ blob_key: string }>(SQL.CLEAR_BLOBS, [ref, keepAttachments])).map((row) => row.blob_key);
  },

  /** Forgets what was not touched for so long and belongs to no live job. Returns keys of blobs to delete. */
  async forgetOld(sql: Sql, seconds: number): Promise<string[]> {
    await sql.run(SQL.FORGET_OUTPUT);
    await sql.run(SQL.FORGET_RESULTS, [seconds]);
    await sql.run(SQL.FORGET_FRAGMENTS, [seconds]);
    await sql.run(SQL.FORGET_RUNS, [seconds]);
    const rows = await sql.rows<{ blob_key: string }>(SQL.FORGET_BLOBS, [seconds]);
    return rows.map((row) => row.blob_key);
  },
};
