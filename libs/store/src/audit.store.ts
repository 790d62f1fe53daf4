import type { AuditEntry } from '@drover/domain';
import type { Sql } from './sql.js';

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

/** The trail of changes. The database itself refuses to change or delete what was written. */
export const auditStore = {
  /** Nulls (what the system did) are left out. Call it in the transaction of the change. */
  async insert(sql: Sql, entries: (AuditEntry | null)[]): Promise<void> {
    const rows = entries.filter((entry) => entry !== null);
    if (rows.length === 0) return;
    await sql.run(
      `INSERT INTO audit (actor, role, address, action, kind, object_id, project, before, after)
       SELECT actor, role, address, action, kind, object_id, project, before, after FROM jsonb_to_recordset($1::jsonb)
         AS r(actor text, role text, address text, action text, kind text, object_id text, project text, before jsonb, after jsonb)`,
      [JSON.stringify(rows)],
    );
  },

  /** Newest first. */
  async list(sql: Sql, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
    const where = ['true'];
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
    return sql.rows<AuditRow>(
      `SELECT id, at, actor, role, address, action, kind, object_id, project, before, after
       FROM audit WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT $1`,
      params,
    );
  },
};
