import type { Stream } from '@drover/domain';
import { LogFollower } from '@drover/live';
import { TaskQueries } from '../core/task-queries.js';
import type { TaskExecution } from '../record/task.rows.js';

/** How a followed execution ended: retry when its output may begin anew. */
export type FollowEnd = 'done' | 'retry' | 'gone';

/** Live output of one execution of a task, from its first byte. */
export class FastlaneStream {
  constructor(
    private readonly queries: TaskQueries,
    private readonly follower: LogFollower,
  ) {}

  /**
   * Sends both streams in the order in which they were produced, waiting for the start if need be. `send` resolves when
   * more may come. Ends as `retry` when the run was lost with its node: another run repeats what was sent.
   */
  async follow(
    execution: TaskExecution,
    signal: AbortSignal,
    send: (bytes: Buffer, stream: Stream) => Promise<void>,
  ): Promise<FollowEnd> {
    let runs = 0;
    let preamble = 0;
    for await (const news of this.follower.follow({ jobId: execution.id, nextExecutions: true, signal })) {
      if (signal.aborted) return 'gone';
      if (news.type === 'execution') {
        runs += 1;
        if (runs > 1) return 'retry';
      } else if (news.type === 'bytes') {
        // Progress of the image's pull comes first in the error output, and is none of the job's.
        if (runs === 1 && preamble === 0 && news.stream === 'stderr')
          preamble = (await this.queries.byId(execution.id))?.preamble_bytes ?? 0;
        const own =
          news.stream === 'stderr' && news.offset < preamble ? news.raw.subarray(preamble - news.offset) : news.raw;
        if (own.length > 0) await send(own, news.stream);
      } else {
        return news.job === null ? 'retry' : 'done';
      }
    }
    return 'gone';
  }
}
