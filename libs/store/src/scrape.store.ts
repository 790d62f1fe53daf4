import type { ScrapeTarget } from '@drover/domain';
import { ProxyTreeEdgeEntity } from './entities/proxy-tree-edge.entity.js';
import { ScrapeTargetEntity } from './entities/scrape-target.entity.js';
import * as SQL from './scrape.sql.js';
import type { Sql } from './sql.js';

export const scrapeStore = {
  /** In the order they were joined. */
  async list(sql: Sql): Promise<ScrapeTarget[]> {
    return sql.entities(ScrapeTargetEntity, (targets) => targets.find({ order: { seq: 'ASC' } }));
  },

  async get(sql: Sql, id: string): Promise<ScrapeTarget | null> {
    return sql.entities(ScrapeTargetEntity, (targets) => targets.findOneBy({ id }));
  },

  async byAddress(sql: Sql, address: string): Promise<ScrapeTarget | null> {
    return sql.entities(ScrapeTargetEntity, (targets) => targets.findOneBy({ address }));
  },

  async count(sql: Sql): Promise<number> {
    return sql.entities(ScrapeTargetEntity, (targets) => targets.count());
  },

  /** A known address keeps its id; it is due at once and counts as not scraped yet. */
  async upsert(
    sql: Sql,
    target: Pick<
      ScrapeTarget,
      'id' | 'address' | 'kind' | 'period_s' | 'job' | 'drop_after' | 'tree' | 'owner' | 'project'
    >,
  ): Promise<ScrapeTarget> {
    const rows = await sql.rows<ScrapeTarget>(SQL.UPSERT, [
      target.id,
      target.address,
      target.kind,
      target.period_s,
      target.job,
      target.drop_after,
      target.tree,
      target.owner,
      target.project,
    ]);
    return rows[0] as ScrapeTarget;
  },

  async delete(sql: Sql, id: string): Promise<boolean> {
    const { affected } = await sql.entities(ScrapeTargetEntity, (targets) => targets.delete({ id }));
    return (affected ?? 0) > 0;
  },

  /** Takes a target that is due and that nobody fetches at this moment. Null: there is nothing to do. */
  async take(sql: Sql, id: string, leaseId: string, leaseS: number): Promise<ScrapeTarget | null> {
    const rows = await sql.rows<ScrapeTarget>(SQL.TAKE, [id, leaseId, leaseS]);
    return rows[0] ?? null;
  },

  /** Still ours, and still there. */
  async holds(sql: Sql, id: string, leaseId: string): Promise<boolean> {
    return sql.entities(ScrapeTargetEntity, (targets) => targets.existsBy({ id, lease_id: leaseId }));
  },

  /** Gives a target back; how long until it is due again, milliseconds. Null: it is gone, or another's. */
  async finish(
    sql: Sql,
    id: string,
    leaseId: string,
    outcome:
      | { ok: true; duration_ms: number; series: number; tree: string[] }
      | { ok: false; error: string; wait_s: number | null }
      | { skipped: true },
  ): Promise<{ due_in_ms: number; failures: number } | null> {
    const ours = [id, leaseId];
    const [statement, params] =
      'skipped' in outcome
        ? [SQL.FINISH_SKIPPED, ours]
        : outcome.ok
          ? [SQL.FINISH_UP, [...ours, outcome.duration_ms, outcome.series, outcome.tree]]
          : [SQL.FINISH_DOWN, [...ours, outcome.error, outcome.wait_s]];
    const rows = await sql.rows<{ due_in_ms: number; failures: number }>(statement, params);
    return rows[0] ?? null;
  },

  /** Targets whose time has passed and that nobody holds: their timer was lost. */
  async overdue(sql: Sql, byMs: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(SQL.OVERDUE, [byMs]);
    return rows.map((row) => row.id);
  },

  /** In the order they came. */
  async edges(sql: Sql): Promise<{ parent: string; child: string }[]> {
    return sql.entities(ProxyTreeEdgeEntity, (edges) => edges.find({ order: { seq: 'ASC' } }));
  },

  /** Serializes changes of the tree. Within a transaction. */
  async lockTree(sql: Sql): Promise<void> {
    await sql.run(SQL.LOCK_TREE);
  },

  async putEdge(sql: Sql, parent: string, child: string): Promise<void> {
    await sql.entities(ProxyTreeEdgeEntity, (edges) => edges.upsert({ parent, child }, ['child']));
  },

  async deleteEdge(sql: Sql, child: string): Promise<boolean> {
    const { affected } = await sql.entities(ProxyTreeEdgeEntity, (edges) => edges.delete({ child }));
    return (affected ?? 0) > 0;
  },
};
