import { Injectable } from '@nestjs/common';
import { Refusal } from '@drover/dialects/v1-jobs';
import { DroverError } from '@drover/domain';

/** Prometheus' own default buckets, seconds. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type StorageOperation =
  | 'list_jobs'
  | 'create_job'
  | 'get_job'
  | 'update_job'
  | 'delete_job'
  | 'get_metrics'
  | 'record_metrics';
export type StorageError =
  | 'not_found'
  | 'conflict'
  | 'job_terminal'
  | 'invalid_input'
  | 'context_canceled'
  | 'context_deadline'
  | 'unknown';

interface Timing {
  operation: StorageOperation;
  success: boolean;
  buckets: number[];
  sum: number;
  count: number;
}

/** The counts of this process since its start. */
@Injectable()
export class HpcCounters {
  private jobs = 0;
  private readonly timings = new Map<string, Timing>();
  private readonly errors = new Map<string, { operation: StorageOperation; error_type: StorageError; n: number }>();

  created(): void {
    this.jobs += 1;
  }

  get jobsCreated(): number {
    return this.jobs;
  }

  /** Times one operation on the record; what it throws is counted by its kind, and thrown again. */
  async time<T>(operation: StorageOperation, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    let success = true;
    try {
      return await work();
    } catch (error) {
      success = false;
      const error_type = kindOf(error);
      const key = `${operation} ${error_type}`;
      const known = this.errors.get(key) ?? { operation, error_type, n: 0 };
      known.n += 1;
      this.errors.set(key, known);
      throw error;
    } finally {
      this.observe(operation, success, (performance.now() - began) / 1000);
    }
  }

  /** Writes the counters in the text format of Prometheus. */
  expose(): string {
    const lines = [
      '# HELP storage_operation_duration_seconds Duration of operations on the record',
      '# TYPE storage_operation_duration_seconds histogram',
    ];
    for (const { operation, success, buckets, sum, count } of this.timings.values()) {
      const labels = `operation="${operation}",success="${success}"`;
      BUCKETS_S.forEach((le, index) =>
        lines.push(`storage_operation_duration_seconds_bucket{le="${le}",${labels}} ${buckets[index]}`),
      );
      lines.push(`storage_operation_duration_seconds_bucket{le="+Inf",${labels}} ${count}`);
      lines.push(
        `storage_operation_duration_seconds_sum{${labels}} ${sum}`,
        `storage_operation_duration_seconds_count{${labels}} ${count}`,
      );
    }
    lines.push(
      '# HELP storage_operation_errors_total Operations on the record that failed',
      '# TYPE storage_operation_errors_total counter',
    );
    for (const { operation, error_type, n } of this.errors.values()) {
      lines.push(`storage_operation_errors_total{error_type="${error_type}",operation="${operation}"} ${n}`);
    }
    return `${lines.join('\n')}\n`;
  }

  private observe(operation: StorageOperation, success: boolean, seconds: number): void {
    const key = `${operation} ${success}`;
    const timing = this.timings.get(key) ?? { operation, success, buckets: BUCKETS_S.map(() => 0), sum: 0, count: 0 };
    this.timings.set(key, timing);
    BUCKETS_S.forEach((le, index) => {
      if (seconds <= le) timing.buckets[index] = (timing.buckets[index] ?? 0) + 1;
    });
    timing.sum += seconds;
    timing.count += 1;
  }
}

function kindOf(error: unknown): StorageError {
  if (error instanceof Refusal)
    return error.status === 404 ? 'not_found' : error.status === 409 ? 'conflict' : 'invalid_input';
  if (!(error instanceof DroverError)) return 'unknown';
  switch (error.code) {
    case 'not_found':
      return 'not_found';
    case 'conflict':
      return 'conflict';
    case 'terminal':
      return 'job_terminal';
    case 'invalid':
      return 'invalid_input';
    case 'timeout':
      return 'context_deadline';
    default:
      return 'unknown';
  }
}
