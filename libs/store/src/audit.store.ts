import type { AuditEntry } from '@drover/domain';
import type { Sql } from './sql.js';
import * as SQL from './trail.sql.js';

/** A kept entry. `id` grows with time: the cursor of pages. */
export interface AuditRow extends AuditEntry {
  id: string;
  at: Date;
}

export interface AuditFilter {
  actor?: string;
  action?: string;
  kind?: string;
  object_id?: string;
  project?: string;
  from?: Date;
  to?: Date;
  /** Only entries with a smaller id. */
  before?: string;
}

/** The trail of changes. The database refuses to change what was written, and to delete what was written within 30 days. */
export const auditStore = {
  /** Nulls (what the system did) are left out. Call it in the transaction of the change. */
  async insert(sql: Sql, entries: (AuditEntry | null)[]): Promise<void> {
    const rows = entries.filter((entry) => entry !== null);
    if (rows.length === 0) return;
    await sql.run(SQL.INSERT_AUDIT, [JSON.stringify(rows)]);
  },

  /** Newest first. */
  async list(sql: Sql, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
    const where: string[] = [];
    const params: unknown[] = [limit];
    const add = (value: unknown, condition: (place: string) => string): void => {
      if (value === undefined) return;
      params.push(value);
      where.push(condition(`$${params.length}`));
    };
    add(filter.actor, (p) => `actor = ${p}`);
    add(filter.action, (p) => `action = ${p}`);
    add(filter.kind, (p) => `kind = ${p}`);
    add(filter.object_id, (p) => `object_id = ${p}`);
    add(filter.project, (p) => `project = ${p}`);
    add(filter.from, (p) => `at >= ${p}`);
    add(filter.to, (p) => `at <= ${p}`);
    add(filter.before, (p) => `id < ${p}::bigint`);
    return sql.rows<AuditRow>(SQL.audited(where), params);
  },
};
