import type { GaugeValue, JobDesc, SeriesDef } from '@drover/domain';

/** One source as a target tells it; libs/metrics takes it in. */
export interface TargetUpdate {
  key: string;
  kind: 'target' | 'proxy-main' | 'proxy-node' | 'proxy-job' | 'execution';
  feedsMain: boolean;
  node: string | null;
  job: string | null;
  live: boolean;
  heldBy: string;
  incarnation: string;
  seq: number;
  description: JobDesc | null;
  reading: { defs: SeriesDef[]; values: (number | GaugeValue | null)[] };
  budget: number;
}

export interface Ingestor {
  ingest(updates: TargetUpdate[]): Promise<unknown>;
  /** Jobs these sources held end, unless others hold them. */
  release(keys: string[]): Promise<void>;
  releaseHolder(holder: string): Promise<void>;
  /** Keys of the live sources a target holds. */
  liveKeys(holder: string): Promise<string[]>;
}

/** A target's own timer; libs/queue has it: any replica may be the one that wakes. */
export interface Timer {
  wake(targetId: string, inMs: number): Promise<void>;
}

export interface ScrapeLogger {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}

/** Whether a job of Drover's runs, has not begun yet, or is over. */
export type JobPhase = (job: string) => Promise<'before' | 'running' | 'over'>;
