import { Injectable } from '@nestjs/common';
import { slices } from '@drover/domain';
import { QueryService, type StoredExecution, type StoredJob } from '@drover/jobs';
import { LogFollower, LogReader, type LogNews } from '@drover/live';
import { Lines } from './line-splitter.js';

type Piece = { at: Date; execution_id: string; stream: string; raw: Buffer };

/** Reads the output of a job: both streams, and every node of a job that runs on several. */
@Injectable()
export class OutputService {
  constructor(
    private readonly query: QueryService,
    private readonly reader: LogReader,
    private readonly follower: LogFollower,
  ) {}

  /** Yields the output so far, some lines at a time, in the order in which the nodes saw it. */
  async *lines(job: StoredJob): AsyncGenerator<string[]> {
    const lines = new Lines();
    const logs = (await this.executionsOf(job)).map((execution) => this.reader.interleaved(execution.id));
    for await (const { execution_id, stream, raw } of inOrder(logs)) {
      for (const bytes of slices(raw)) {
        const complete = lines.add(`${execution_id} ${stream}`, bytes);
        if (complete.length > 0) yield complete;
      }
    }
    const last = lines.end();
    if (last.length > 0) yield last;
  }

  /** The last lines so far; `cut`: there is more before them. No more is read than they need. */
  async tail(job: StoredJob, most: { lines: number; chars: number }): Promise<{ lines: string[]; cut: boolean }> {
    const executions = await this.executionsOf(job);
    let cut = false;
    const logs = await Promise.all(
      executions.map(async ({ id }) => {
        const start = await this.reader.tailStart(id, null, most.lines);
        cut ||= start !== null && (start.sequence > 0 || start.skip > 0);
        return start === null
          ? this.reader.interleaved(id)
          : fromTail(this.reader.interleaved(id, start.sequence - 1), start.skip);
      }),
    );
    const all = new Lines();
    const lines: string[] = [];
    let chars = 0;
    const keep = (line: string): void => {
      lines.push(line);
      chars += line.length;
      while (lines.length > most.lines || (chars > most.chars && lines.length > 1)) {
        chars -= lines.shift()?.length ?? 0;
        cut = true;
      }
    };
    for await (const { execution_id, stream, raw } of inOrder(logs)) {
      for (const bytes of slices(raw)) all.add(`${execution_id} ${stream}`, bytes).forEach(keep);
    }
    all.end().forEach(keep);
    const [only = ''] = lines;
    if (lines.length === 1 && only.length > most.chars) return { lines: [only.slice(-most.chars)], cut: true };
    return { lines, cut };
  }

  /** Streams the output from its first byte until the job ends, as it comes. */
  async *follow(job: StoredJob, signal: AbortSignal): AsyncGenerator<Buffer> {
    if ((job.spec.resources?.nodes ?? 1) <= 1) {
      for await (const news of this.follower.follow({ jobId: job.id, nextExecutions: true, signal }))
        if (news.type === 'bytes') yield news.raw;
      return;
    }
    // A job of several nodes: wait for it to have its executions, then follow all of them.
    for await (const news of this.follower.follow({ jobId: job.id, signal })) {
      if (news.type === 'bytes') {
        yield news.raw;
        continue;
      }
      if (news.type !== 'execution') continue;
      const present = (await this.query.find(job.id)) ?? job;
      const others = (await this.executionsOf(present)).map((execution) =>
        this.follower.follow({ jobId: job.id, from: { executionId: execution.id }, signal }),
      );
      for await (const piece of asTheyCome(others)) if (piece.type === 'bytes') yield piece.raw;
      return;
    }
  }

  /** The executions that count: the present one, or those of all nodes of a gang. */
  private async executionsOf(job: StoredJob): Promise<StoredExecution[]> {
    const size = job.spec.resources?.nodes ?? 1;
    return (await this.query.executions(job.id)).filter((execution) =>
      size > 1 ? execution.epoch > job.epoch - size && execution.epoch <= job.epoch : execution.id === job.execution_id,
    );
  }
}

async function* fromTail(pieces: AsyncGenerator<Piece>, skip: number): AsyncGenerator<Piece> {
  let left = skip;
  for await (const piece of pieces) {
    yield left > 0 ? { ...piece, raw: piece.raw.subarray(left) } : piece;
    left = 0;
  }
}

/** Several sequences, each in order of time, as one. */
async function* inOrder(sources: AsyncGenerator<Piece>[]): AsyncGenerator<Piece> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })));
  for (;;) {
    const first = heads
      .filter(({ head }) => !head.done)
      .sort((a, b) => (a.head.value as Piece).at.getTime() - (b.head.value as Piece).at.getTime())[0];
    if (!first) return;
    yield first.head.value as Piece;
    first.head = await first.source.next();
  }
}

async function* asTheyCome(sources: AsyncGenerator<LogNews>[]): AsyncGenerator<LogNews> {
  const next = (source: AsyncGenerator<LogNews>) => source.next().then((result) => ({ source, result }));
  const open = new Map(sources.map((source) => [source, next(source)]));
  while (open.size > 0) {
    const { source, result } = await Promise.race(open.values());
    if (result.done) open.delete(source);
    else {
      open.set(source, next(source));
      yield result.value;
    }
  }
}
