import { v7 as uuidv7 } from 'uuid';
import type { Submission } from '@drover/domain';
import {
  ClaimsService,
  ControlService,
  DirectStarts,
  Dispatcher,
  ReportsService,
  silentObserver,
  SubmitService,
  SweepService,
  type TicketSink,
} from '@drover/jobs';
import { agentStore, Store, type StoredAgent } from '@drover/store';
import { createTestDatabase, dropTestDatabase } from './postgres.js';

type Ticket = Parameters<TicketSink['add']>[0][number];

/** A ticket store in memory that can be away, or emptied. */
class RecordingSink implements TicketSink {
  readonly tickets = new Map<string, Ticket>();
  readonly paused = new Set<string>();
  readonly promoted: string[] = [];
  away = false;
  life = 'first';

  add(tickets: Ticket[]): Promise<void> {
    if (this.away) return Promise.reject(new Error('the ticket store is away'));
    for (const ticket of tickets) if (!this.tickets.has(ticket.ticket_id)) this.tickets.set(ticket.ticket_id, ticket);
    return Promise.resolve();
  }
  remove(_queue: string, ids: string[]): Promise<void> {
    for (const id of ids) this.tickets.delete(id);
    return Promise.resolve();
  }
  missing(_queue: string, ids: string[]): Promise<string[]> {
    return Promise.resolve(ids.filter((id) => !this.tickets.has(id)));
  }
  promote(_queue: string, ids: string[]): Promise<void> {
    this.promoted.push(...ids);
    return Promise.resolve();
  }
  incarnation(): Promise<string> {
    return Promise.resolve(this.life);
  }
  pause(queue: string): Promise<void> {
    this.paused.add(queue);
    return Promise.resolve();
  }
  resume(queue: string): Promise<void> {
    this.paused.delete(queue);
    return Promise.resolve();
  }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The job services over a fresh database of the run's Postgres. */
export async function startJobs({ keyedPool = 4 } = {}) {
  const url = await createTestDatabase();
  const store = await Store.open({ url, keyedPool });
  const sink = new RecordingSink();
  const bells: string[] = [];
  const bell = { publish: (topic: string, payload = '') => void bells.push(`${topic} ${payload}`) };
  const dispatcher = new Dispatcher(store, sink, quiet);
  const claims = new ClaimsService(store, bell, silentObserver, { executionToken: () => 'token' }, dispatcher);
  const direct = new DirectStarts(claims, bell, quiet, true);
  const submits = new SubmitService(
    store,
    dispatcher,
    bell,
    silentObserver,
    undefined,
    undefined,
    undefined,
    [],
    direct,
  );
  const reports = new ReportsService(store, dispatcher, bell, silentObserver);
  const control = new ControlService(store, dispatcher, sink, bell, silentObserver);
  const sweep = new SweepService(store, dispatcher, bell, silentObserver, quiet, 10_000);
  return {
    url,
    store,
    sink,
    bells,
    dispatcher,
    submits,
    claims,
    direct,
    reports,
    control,
    sweep,
    agent: (name: string, queues = ['default']): Promise<StoredAgent> =>
      agentStore.upsert(store.sql, {
        id: uuidv7(),
        name,
        kind: 'worker',
        state: 'online',
        queues,
        slots: 4,
        slots_free: 4,
        facts: null,
        boot_id: 'boot',
        token_hash: null,
        payload: {},
      }),
    async close(): Promise<void> {
      await dispatcher.settled();
      const misplaced = await eventsOutOfOrder(store);
      await store.close();
      await dropTestDatabase(url);
      if (misplaced.length > 0)
        throw new Error(`events of a job stand before earlier ones: ${JSON.stringify(misplaced)}`);
    },
  };
}

/**
 * A job's events are numbered while its row is locked; their positions must say the same, whichever statement wrote
 * them.
 */
const eventsOutOfOrder = (store: Store): Promise<unknown[]> =>
  store.sql.rows(
    `SELECT job_id, type, tx::text, id FROM (SELECT *, lag(id) OVER (PARTITION BY job_id ORDER BY tx, id) AS before FROM event) e WHERE before > id`,
  );

export type Jobs = Awaited<ReturnType<typeof startJobs>>;

export const submission = (fields: Partial<Submission> = {}): Submission => ({
  queue: 'default',
  owner: 'tester',
  dialect: 'native',
  spec: { command: 'true' },
  ...fields,
});
