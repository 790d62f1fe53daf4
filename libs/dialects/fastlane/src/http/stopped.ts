import { setTimeout as sleep } from 'node:timers/promises';
import { isOver, statusOf } from '../core/status.js';
import type { TaskQueries } from '../core/task-queries.js';

/** A stop is answered when the processes are gone: TERM, 10 s of grace, KILL, and the report of it. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 50;

/** Waits for the end of executions that were told to stop. */
export class Stopped {
  constructor(private readonly queries: TaskQueries) {}

  /** Comes back when all are over, or patience is. */
  async wait(ids: string[]): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (const id of ids) {
      for (;;) {
        const execution = await this.queries.byId(id);
        if (!execution || execution.settled || isOver(statusOf(execution)) || Date.now() >= deadline) break;
        await sleep(LOOK_MS);
      }
    }
  }
}
