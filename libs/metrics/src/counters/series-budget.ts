import { DEFAULT_PROJECT, type SourceKind } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import { jobStore, type Sql } from '@drover/store';
import type { SeriesRoom } from './ports.js';

/** Sources that somebody from outside tells of: the ones the record counts for a project. */
const TOLD: readonly SourceKind[] = ['client', 'http', 'target', 'proxy-main', 'proxy-node', 'proxy-job'];
export const isToldOf = (kind: SourceKind): boolean => TOLD.includes(kind);

/** Counts the series that one transaction may add to projects. Asks the record only when there are new ones. */
export class SeriesBudget {
  private readonly free = new Map<string, number>();

  constructor(
    private readonly sql: Sql,
    private readonly room: SeriesRoom,
  ) {}

  /** How many of so many new series of a source of this job may be taken. They count as taken. */
  async take(job: string | null, wanted: number): Promise<number> {
    const project = await this.projectOf(job);
    const free = this.free.get(project) ?? (await this.room.room(this.sql, project, 'series')).free;
    const taken = Math.min(free, wanted);
    this.free.set(project, free - taken);
    return taken;
  }

  private async projectOf(job: string | null): Promise<string> {
    if (job === null || !isUuid(job)) return DEFAULT_PROJECT;
    return (await jobStore.get(this.sql, job))?.project ?? DEFAULT_PROJECT;
  }
}
