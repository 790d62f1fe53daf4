import { texts } from '@drover/domain';
import type { Sql } from '@drover/store';
import * as SQL from './log.sql.js';

/** Bytes that one read of a log brings into memory. */
const PAGE_BYTES = 512 * 1024;

export interface Fragment {
  number: number;
  phase: string;
  at: Date;
  text: string;
}

interface FragmentRow {
  id: string;
  number: string;
  phase: string;
  at: Date;
  data: Buffer;
}

/** How far a worker's output has become fragments; see libs/testflinger. */
export interface LabRun {
  ref: string;
  log_type: string;
  execution_id: string;
  /** Raw bytes of stdout read so far. */
  read_to: number;
  /** Bytes of a line that is not complete yet. */
  rest: Buffer;
  phase: string | null;
  next_number: number;
  finished: boolean;
}

export interface FragmentFilter {
  phase?: string;
  /** Only this number and higher. */
  from?: number;
  /** Only stamped at or after. */
  since?: Date;
}

function where(filter: FragmentFilter, params: unknown[]): string[] {
  const parts = ['ref = $1', 'log_type = $2'];
  const add = (value: unknown, condition: string): void => {
    params.push(value);
    parts.push(`${condition} $${params.length}`);
  };
  if (filter.phase !== undefined) add(filter.phase, 'phase =');
  if (filter.from !== undefined) add(filter.from, 'number >=');
  if (filter.since !== undefined) add(filter.since, 'at >=');
  return parts;
}

export const labLogStore = {
  /** False: this very fragment is stored already. */
  async append(sql: Sql, ref: string, logType: string, fragment: Fragment): Promise<boolean> {
    const n = await sql.run(SQL.APPEND, [
      ref,
      logType,
      fragment.number,
      fragment.phase,
      fragment.at,
      Buffer.from(fragment.text),
    ]);
    return n > 0;
  },

  /** Last number of each phase that has a fragment. */
  async last(
    sql: Sql,
    ref: string,
    logType: string,
    filter: FragmentFilter,
  ): Promise<Map<string, { last: number; bytes: number }>> {
    const params: unknown[] = [ref, logType];
    const rows = await sql.rows<{ phase: string; last: string; bytes: string }>(
      SQL.last(where(filter, params)),
      params,
    );
    return new Map(rows.map((row) => [row.phase, { last: Number(row.last), bytes: Number(row.bytes) }]));
  },

  /** Texts in fragment order, a page at a time; memory does not depend on the size of the log. */
  async *texts(
    sql: Sql,
    ref: string,
    logType: string,
    filter: FragmentFilter,
    pageBytes = PAGE_BYTES,
  ): AsyncGenerator<string> {
    let after: [string, string] = ['-9223372036854775808', '0'];
    for (;;) {
      const params: unknown[] = [ref, logType];
      const conditions = where(filter, params);
      params.push(...after, pageBytes);
      const n = params.length;
      // A page takes as many as fit, and at least one.
      const rows = await sql.rows<FragmentRow>(
        SQL.page(conditions, { number: `$${n - 2}`, id: `$${n - 1}`, bytes: `$${n}` }),
        params,
      );
      const last = rows.at(-1);
      if (!last) return;
      for (const row of rows) yield* texts(row.data);
      after = [last.number, last.id];
    }
  },

  /** The raw posts of old agents: an entry each. */
  async addOutput(sql: Sql, ref: string, logType: string, data: Buffer): Promise<void> {
    await sql.run(SQL.ADD_OUTPUT, [ref, logType, data]);
  },

  /**
   * The oldest entries since the last take, which forgets them: at least one, and no more than fit into a page. Empty
   * when there is none. All of them are gone 4 h after the last write.
   */
  async takeOutput(sql: Sql, ref: string, logType: string, pageBytes = PAGE_BYTES): Promise<Buffer[]> {
    const rows = await sql.rows<{ data: Buffer }>(SQL.TAKE_OUTPUT, [ref, logType, pageBytes]);
    return rows.map((row) => row.data);
  },

  /** Locks the row (made if missing, anew for another execution) until the transaction ends. */
  async lockRun(sql: Sql, ref: string, logType: string, executionId: string): Promise<LabRun> {
    await sql.run(SQL.ENSURE_RUN, [ref, logType, executionId]);
    return (await this.run(sql, ref, logType, { lock: true })) as LabRun;
  },

  async run(
    sql: Sql,
    ref: string,
    logType: string,
    options: { lock: boolean } = { lock: false },
  ): Promise<LabRun | null> {
    const rows = await sql.rows<Omit<LabRun, 'read_to' | 'next_number'> & { read_to: string; next_number: string }>(
      options.lock ? SQL.LOCK_RUN : SQL.RUN,
      [ref, logType],
    );
    return rows[0] ? { ...rows[0], read_to: Number(rows[0].read_to), next_number: Number(rows[0].next_number) } : null;
  },

  async saveRun(sql: Sql, run: LabRun): Promise<void> {
    await sql.run(SQL.SAVE_RUN, [
      run.ref,
      run.log_type,
      run.read_to,
      run.rest,
      run.phase,
      run.next_number,
      run.finished,
    ]);
  },
};
