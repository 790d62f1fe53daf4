import { inLists, invalid, isReady, isWaiting, mapInPieces, type Caller, type JobState } from '@drover/domain';
import {
  deliveryStore,
  dependencyStore,
  externalRefStore,
  idempotencyStore,
  jobStore,
  trailStore,
  type DispatchMark,
  type IdempotencyRow,
  type Sql,
  type StoredJob,
} from '@drover/store';
import type { DirectStarts, ProposedStart } from './direct-starts.js';
import { ticketOf } from './dispatcher.js';
import type { ProjectRoom, Room } from './ports.js';
import { toNewJob } from './submission.js';
import { KeyRace, recallAccepted, sameBody } from './submit-idempotency.js';
import { holderOf, mayWait, unknownDependencies, type Accepted, type Request } from './submit-requests.js';
import { webhooksOf } from './webhooks.js';

/** Jobs written with one statement: making the text of more holds the event loop for longer than others should wait. */
export const WRITTEN_AT_ONCE = 500;

/** The rows that one transaction wrote. */
export interface Taken {
  results: (Accepted | Error)[];
  marks: DispatchMark[];
  ids: string[];
  rows: StoredJob[];
  /** Jobs for which a node had told a free slot, and those of them that started. */
  proposed: ProposedStart[];
  started: Set<string>;
}

/** Writes the rows of a flush in one transaction: jobs, keys, ids of clients, trails and dependencies. */
export class SubmitWriter {
  constructor(
    private readonly room: ProjectRoom,
    private readonly idsByProject: readonly string[],
    private readonly direct: DirectStarts | null,
  ) {}

  /** Writes a batch of requests. `covered`: their projects have room for all of them. */
  async write(sql: Sql, requests: Request[], now: Date, covered: boolean): Promise<Taken> {
    const dependencyIds = [...new Set(requests.flatMap((r) => r.submissions.flatMap((s) => s.depends_on ?? [])))];
    const dependencies: Map<string, JobState> =
      dependencyIds.length > 0 ? await dependencyStore.statesForShare(sql, dependencyIds) : new Map();

    const results: (Accepted | Error)[] = [];
    let rowsOf: { request: Request; rows: StoredJob[]; index: number }[] = [];
    const keysSeen = new Map<string, number>();
    const repeats: { index: number; of: number }[] = [];
    for (const [index, request] of requests.entries()) {
      const unknown = request.submissions
        .flatMap((s) => s.depends_on ?? [])
        .filter((id) => !dependencies.has(id) && !request.submissions.some((s) => s.id === id));
      if (unknown.length > 0) {
        results[index] = invalid(unknownDependencies(unknown));
        continue;
      }
      if (request.idempotency) {
        const { owner, project } = holderOf(request);
        const key = JSON.stringify([owner, project, request.idempotency.key]);
        const first = keysSeen.get(key);
        if (first !== undefined) {
          repeats.push({ index, of: first });
          continue;
        }
        keysSeen.set(key, index);
        const known = await recallAccepted(sql, { owner, project }, request.idempotency, request.caller);
        if (known) {
          results[index] = known;
          continue;
        }
      }
      // Jobs of one batch may wait for each other when the client chose their ids.
      const states = new Map(dependencies);
      for (const submission of request.submissions)
        if (submission.id && !states.has(submission.id)) states.set(submission.id, 'scheduled');
      rowsOf.push({
        request,
        rows: await mapInPieces(request.submissions, (submission) => toNewJob(submission, states, now)),
        index,
      });
    }

    if (!covered) {
      const refused = await this.withoutRoom(sql, rowsOf);
      for (const [index, error] of refused) results[index] = error;
      rowsOf = rowsOf.filter(({ index }) => !refused.has(index));
    }
    const rows = rowsOf.flatMap((entry) => entry.rows);
    const askers = new Map(
      rowsOf.flatMap(({ request, rows: made }) =>
        request.caller ? made.map((row) => [row.id, request.caller as Caller] as const) : [],
      ),
    );
    const marks: DispatchMark[] = [];
    const proposed: ProposedStart[] = [];
    const started = new Set<string>();
    await inLists(rows, WRITTEN_AT_ONCE, async (some) => {
      const own = some.filter(wantsTicket).map((row) => ticketOf({ ...row, dispatch_seq: 1 }));
      const ticketIds = new Map(own.map((mark) => [mark.job_id, mark.ticket_id]));
      const starts = this.direct?.propose(some, now) ?? [];
      for (const start of starts) proposed.push(start);
      if (starts.length === 0) await jobStore.accept(sql, some, ticketIds, askers);
      else
        for (const id of await jobStore.acceptAndStart(sql, some, ticketIds, askers, starts.map(startOf)))
          started.add(id);
      for (const mark of own) if (!started.has(mark.job_id)) marks.push(mark);
      await deliveryStore.insert(
        sql,
        some.flatMap((row) => webhooksOf(row, row.state)),
      );
    });

    const keys: IdempotencyRow[] = rowsOf.flatMap(({ request: { idempotency }, rows: made }) => {
      const [first] = made;
      if (!idempotency || !first) return [];
      return [
        {
          owner: first.owner,
          project: first.project,
          key: idempotency.key,
          body_hash: idempotency.bodyHash,
          job_id: first.id,
          job_ids: made.length > 1 ? made.map((row) => row.id) : null,
        },
      ];
    });
    const won = await idempotencyStore.insert(sql, keys);
    // Somebody else won a key between our look and our insert: the whole flush starts over and finds their job.
    if (won.size < keys.length) throw new KeyRace();

    const refs = rowsOf.flatMap(({ request, rows: made }) =>
      request.submissions.flatMap((submission, i) => {
        const { id, project } = made[i] as StoredJob;
        return (submission.external_ids ?? []).map((external_id) => ({
          dialect: submission.dialect,
          external_id,
          job_id: id,
          project: this.idsByProject.includes(submission.dialect) ? project : null,
        }));
      }),
    );
    await inLists(refs, WRITTEN_AT_ONCE, (some) => externalRefStore.insert(sql, some));
    const trail = rowsOf.flatMap(({ request, rows: made }) =>
      request.submissions.flatMap((submission, i) =>
        submission.trail ? [{ ...submission.trail, job_id: (made[i] as StoredJob).id }] : [],
      ),
    );
    await inLists(trail, WRITTEN_AT_ONCE, (some) => trailStore.insert(sql, some));
    // After all jobs: those of a batch may wait for each other.
    const waits = rows.flatMap((row) =>
      row.state === 'scheduled'
        ? row.depends_on
            .filter((id) => dependencies.get(id) !== 'succeeded')
            .map((depends_on) => ({ job_id: row.id, depends_on }))
        : [],
    );
    await inLists(waits, WRITTEN_AT_ONCE, (some) => dependencyStore.insert(sql, some));
    for (const { rows: made, index } of rowsOf)
      results[index] = { jobs: made, ids: made.map((row) => row.id), created: true };
    for (const { index, of } of repeats) {
      const first = results[of];
      results[index] =
        first === undefined || first instanceof Error
          ? (first ?? new Error('lost'))
          : sameBody(requests[index] as Request, requests[of] as Request, first);
    }
    return { results, marks, ids: rows.map((row) => row.id), rows, proposed, started };
  }

  /**
   * Requests, by index, that do not fit into the quotas of their projects any more: those that came first fit first,
   * each whole.
   */
  private async withoutRoom(sql: Sql, entries: { rows: StoredJob[]; index: number }[]): Promise<Map<number, Error>> {
    const rooms = await this.room.lockedRooms(
      sql,
      entries.flatMap(({ rows }) => rows.map((row) => row.project)),
      'waiting_jobs',
    );
    const refused = new Map<number, Error>();
    for (const { rows, index } of entries) {
      const asked = mayWait(rows.filter((row) => isWaiting(row.state)));
      const full = [...asked].find(([project, n]) => n > (rooms.get(project)?.free ?? Infinity));
      if (full) {
        const [project, n] = full;
        refused.set(index, this.room.refusal(project, 'waiting_jobs', rooms.get(project) as Room, n));
        continue;
      }
      for (const [project, n] of asked) {
        const room = rooms.get(project);
        if (room) Object.assign(room, { free: room.free - n, used: room.used + n });
      }
    }
    return refused;
  }
}

const startOf = ({ job, agent, execution_id }: ProposedStart) => ({
  job_id: job.id,
  execution_id,
  agent_id: agent.id,
});

const wantsTicket = (row: StoredJob): boolean => row.dispatch === 'ticket' && isReady(row);
