import { auditOf, DroverError, SYSTEM_ACTOR, type Actor } from '@drover/domain';
import { auditStore, type AuditFilter, type AuditRow, type Sql, type Store } from '@drover/store';
import type { Client, ClientChanged } from './clients.service.js';
import { currentCaller } from './context.js';

/** Reads the trail of changes. Those who act in one project see its entries alone. */
export class AuditService {
  constructor(private readonly store: Store) {}

  /** Newest first, with the cursor of the next page; null: this was the last. */
  async list(filter: AuditFilter, limit: number): Promise<{ entries: AuditRow[]; next: string | null }> {
    const scope = currentCaller()?.scope ?? null;
    if (scope !== null && filter.project !== undefined && filter.project !== scope) {
      throw new DroverError('not_found', `There is no project ${filter.project.slice(0, 100)}.`);
    }
    const rows = await auditStore.list(
      this.store.sql,
      scope === null ? filter : { ...filter, project: scope },
      limit + 1,
    );
    const entries = rows.slice(0, limit);
    return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
  }
}

/** Keeps a change of a client, in its transaction. Keys are not shown, only that there is a new one. */
export const auditClientChange = (sql: Sql, change: ClientChanged): Promise<void> => keep(sql, change, currentCaller());

/**
 * The same of a change made with the command line, which works on the record itself: whoever reaches the database is
 * the system.
 */
export const auditFromCommandLine = (sql: Sql, change: ClientChanged): Promise<void> =>
  keep(sql, change, { ...SYSTEM_ACTOR, role: 'command line' });

async function keep(
  sql: Sql,
  { action, client_id, before, after, new_key }: ClientChanged,
  actor: Actor | null,
): Promise<void> {
  const shown = (client: Client | null): Record<string, unknown> | null =>
    client && {
      role: client.role,
      project: client.project,
      max_priority: client.max_priority,
      allowed_queues: client.allowed_queues,
      max_reservation_time: client.max_reservation_time,
      email: client.email ?? null,
    };
  const project = (after ?? before)?.project;
  const entry = auditOf(actor, {
    action: `client.${action}`,
    kind: 'client',
    object_id: client_id,
    ...(project === undefined ? {} : { project }),
    before: shown(before),
    after: after && { ...shown(after), new_key },
  });
  await auditStore.insert(sql, [entry]);
}
