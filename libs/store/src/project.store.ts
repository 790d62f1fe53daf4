import { Any } from 'typeorm';
import { ADVISORY_LOCK_SPACES, QUOTAS, type Quota, type QuotaValues } from '@drover/domain';
import { ProjectQuotaEntity } from './entities/project-quota.entity.js';
import * as SQL from './project.sql.js';
import type { Sql } from './sql.js';

type UsageRow = Record<Quota, string>;
const toUsage = (row: UsageRow | undefined): QuotaValues =>
  Object.fromEntries(QUOTAS.map((quota) => [quota, Number(row?.[quota] ?? 0)])) as QuotaValues;

/** The use of projects, as triggers count it, and limits of their own. */
export const projectStore = {
  /** The use that is committed, together with that of this transaction. */
  async usage(sql: Sql, project: string): Promise<QuotaValues> {
    return toUsage((await sql.prepared<UsageRow>(SQL.USAGE, [project]))[0]);
  },

  /**
   * Lets nobody else into these projects' quotas until the transaction ends. In one order, so that none waits in a
   * ring.
   */
  async lock(sql: Sql, projects: string[]): Promise<void> {
    for (const project of [...new Set(projects)].sort()) {
      await sql.rows(SQL.LOCK, [ADVISORY_LOCK_SPACES.projects, project]);
    }
  },

  /** Limits that differ from the settings, by project. */
  async quotas(sql: Sql): Promise<Map<string, Partial<QuotaValues>>> {
    const rows = await sql.entities(ProjectQuotaEntity, (quotas) => quotas.find());
    const byProject = new Map<string, Partial<QuotaValues>>();
    for (const { project, quota, value } of rows) {
      byProject.set(project, { ...byProject.get(project), [quota]: Number(value) });
    }
    return byProject;
  },

  /** Null: as the settings say again. */
  async setQuotas(sql: Sql, project: string, values: Partial<Record<Quota, number | null>>): Promise<void> {
    const entries = Object.entries(values).filter((entry): entry is [Quota, number | null] => entry[1] !== undefined);
    const named = entries.map(([quota]) => quota);
    await sql.entities(ProjectQuotaEntity, (quotas) => quotas.delete({ project, quota: Any(named) }));
    const set = entries.filter(([, value]) => value !== null);
    await sql.run(SQL.SET_QUOTAS, [project, set.map(([quota]) => quota), set.map(([, value]) => value)]);
  },

  /** Every project that a client, an object or a quota names, by name; with what it uses. */
  async list(sql: Sql, only: string | null): Promise<{ project: string; usage: QuotaValues }[]> {
    const rows = await sql.rows<UsageRow & { project: string }>(SQL.LIST, [only]);
    return rows.map((row) => ({ project: row.project, usage: toUsage(row) }));
  },
};
