import type { JobDesc, Series, SourceKind } from '@drover/domain';
import type { Sql } from '@drover/store';
import type { Reading, Refused } from './contribution.js';

/** A reading of one source, and what the source feeds. */
export interface SourceUpdate {
  /** The same for every reading of the source. */
  key: string;
  kind: SourceKind;
  feedsMain: boolean;
  node: string | null;
  job: string | null;
  /** Keeps its job listed. */
  live: boolean;
  /** The agent or target whose loss releases the job. */
  heldBy: string | null;
  /** The id of the source's run. With another one its totals count from 0 again. */
  incarnation: string;
  /** Grows within an incarnation. */
  seq: number;
  description: JobDesc | null;
  reading: Reading;
  /** Most series the source may have. */
  budget: number;
}

export interface UpdateResult {
  key: string;
  refused: Refused[];
}

/** The port to the limit of a project's series; libs/quotas has the adapter. */
export interface SeriesRoom {
  /** Knows the quotas of now; before a transaction. */
  ready(): Promise<void>;
  room(sql: Sql, project: string, quota: 'series'): Promise<{ free: number }>;
  /** Throws where there is no room; takes nothing. */
  demand(project: string, quota: 'series', asked: number): Promise<void>;
}

/** Room without an end, for programs and tests without quotas. */
export const UNLIMITED_SERIES: SeriesRoom = {
  ready: () => Promise.resolve(),
  room: () => Promise.resolve({ free: Infinity }),
  demand: () => Promise.resolve(),
};

/** A job of metric clients, or of a joined proxy, that was listed and is no more. */
export interface EndedJob {
  /** The job, with the time of its end. */
  desc: JobDesc;
  /** Its own metrics, by name. */
  own: Series[];
  /** The system metrics of the nodes where it had clients. */
  system: { node: string; series: Series[] }[];
}

/** Told inside the transaction in which a job ends, so that its profile is there when it is gone. */
export type EndedSink = (sql: Sql, jobs: EndedJob[]) => Promise<void>;

/** Told when sources of a job that Drover ran are about to be put away: its last word on the job's own metrics. */
export type SettledSink = (sql: Sql, job: string, own: Series[]) => Promise<void>;
