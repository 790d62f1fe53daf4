import type { Store } from '@drover/store';
import { taskExecutionStore } from '../record/task-execution.store.js';

/** Executions that one look reads. */
const LOOKED_AT = 2_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Forgets executions whose jobs have aged out of the record, and jobs of tasks that have none left and no cron. */
export class LeftExecutions {
  private after = FIRST_ID;

  constructor(private readonly store: Store) {}

  /** One look, of {@link LOOKED_AT} executions; it goes on where the last one ended. Returns how many went. */
  async forget(): Promise<number> {
    const { last, gone } = await taskExecutionStore.forgetLeft(this.store.sql, this.after, LOOKED_AT);
    this.after = last ?? FIRST_ID;
    return gone;
  }
}
