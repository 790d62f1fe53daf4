import { countLines, DroverError, placeChunk, STREAMS, type LogChunk, type LogTally } from '@drover/domain';
import { logStore, type PlacedChunk, type Store, type StoredExecution } from '@drover/store';
import { rawOf } from './member.js';
import { pages } from './pages.js';

/** A request waits at most so long for the index of an older log; the counting goes on without it. */
const WAIT_MS = 10_000;

/**
 * Sees to it that every stored chunk of an execution knows its place among the lines. Chunks are placed as they are
 * appended; those that were stored before there was an index are counted when somebody asks, once, and the count is
 * kept.
 */
export class LineIndex {
  /** Executions that are being counted in this process. */
  private readonly counting = new Map<string, Promise<void>>();

  constructor(private readonly store: Store) {}

  /** Throws `unavailable` when the counting takes longer than a request should; it goes on. */
  async ensure(execution: StoredExecution): Promise<void> {
    const stored = execution.stdout_bytes + execution.stderr_bytes;
    if (stored === 0 || execution.log_tally?.bytes === stored) return;
    let counted = this.counting.get(execution.id);
    if (!counted) {
      counted = this.count(execution).finally(() => this.counting.delete(execution.id));
      counted.catch(() => undefined);
      this.counting.set(execution.id, counted);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const why = 'The lines of this older log are being counted for the first time; ask again in a few seconds.';
        reject(new DroverError('unavailable', why, { execution_id: execution.id }));
      }, WAIT_MS);
    });
    try {
      await Promise.race([counted, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async count(execution: StoredExecution): Promise<void> {
    const { sql } = this.store;
    const from = await logStore.firstUncounted(sql, execution.id);
    if (from === null) return;
    let tally = await this.tallyBefore(execution.id, from);
    const read = pages((last, limit) =>
      logStore.interleaved(sql, execution.id, last ? last.sequence : from - 1, limit),
    );
    for await (const page of read) {
      const counted = await Promise.all(page.map(linesOf));
      const placed: PlacedChunk[] = page.map(({ data: _, ...chunk }, index) => {
        const next = placeChunk(tally, { ...chunk, ...(counted[index] as { lines: number; open: boolean }) });
        tally = next.tally;
        return { ...chunk, place: next.place };
      });
      await this.store.statement((one) => logStore.putPlaces(one, execution.id, placed));
    }
    await logStore.putTally(sql, execution.id, tally);
  }

  /** The tally of what stands before a sequence, all of which was counted. */
  private async tallyBefore(executionId: string, sequence: number): Promise<LogTally> {
    const { sql } = this.store;
    const last = await logStore.placeBefore(sql, executionId, null, sequence);
    if (!last?.place) return {};
    const tally: LogTally = {
      view: last.place.view_line + last.place.lines,
      bytes: last.place.view_offset + last.length,
      sequence: last.sequence,
      open: last.place.open ? last.stream : null,
    };
    for (const stream of STREAMS) {
      const chunk = await logStore.placeBefore(sql, executionId, stream, sequence);
      tally[stream] = chunk?.place ? chunk.place.line + chunk.place.lines : 0;
    }
    return tally;
  }
}

/** A chunk that is damaged has no lines: whoever reads it hears of the damage. */
async function linesOf(chunk: LogChunk): Promise<{ lines: number; open: boolean }> {
  try {
    return countLines(await rawOf(chunk));
  } catch {
    return { lines: 0, open: false };
  }
}
