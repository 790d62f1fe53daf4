import { executionStore, type Store } from '@drover/store';
import type { Keyring } from './keyring/keyring.js';
import type { Execution } from './policy.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Tokens with which a job calls the API back: `<execution>.<job>.<mac>`. Each counts for as long as its execution. */
export class ExecutionTokens {
  constructor(
    private readonly keys: Keyring,
    private readonly store: Store,
  ) {}

  /** Makes the token of an execution. */
  issue(executionId: string, jobId: string): string {
    return `${executionId}.${jobId}.${this.keys.mac(`execution:${executionId}:${jobId}`)}`;
  }

  /** The execution a token was made for, or null. */
  verify(token: string): Execution | null {
    const [executionId, jobId, mac] = token.split('.');
    if (!executionId || !jobId || !mac) return null;
    return UUID.test(executionId) && UUID.test(jobId) && this.keys.verifies(`execution:${executionId}:${jobId}`, mac)
      ? { execution_id: executionId, job_id: jobId }
      : null;
  }

  /** Whether the execution has neither ended nor been lost. */
  isOpen({ execution_id: executionId, job_id: jobId }: Execution): Promise<boolean> {
    return executionStore.isOpen(this.store.sql, executionId, jobId);
  }
}
