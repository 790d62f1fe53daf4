import type { JobDesc, Series } from '@drover/domain';
import type { Sql } from '@drover/store';

/** The port to the metrics of a job that has just ended; libs/metrics has the adapter. */
export interface MetricsSource {
  /** Their own series, and the nodes where programs pushed for them. Jobs without metrics are absent. */
  ownOfJobs(sql: Sql, jobs: string[]): Promise<Map<string, { own: Series[]; nodes: string[] }>>;
  /** The system metrics of nodes as they are now. */
  systemOf(sql: Sql, nodes: string[]): Promise<{ node: string; series: Series[] }[]>;
}

/** A job as metric clients know jobs; libs/metrics has it. */
export type Describe<J> = (job: J) => JobDesc;

export interface ProfilesLogger {
  warn(data: object, message: string): void;
}
