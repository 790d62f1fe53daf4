import { AlarmsService } from '@drover/alarms';
import { OverviewService } from '@drover/jobs';
import { SharedSnapshots, type Doorbells, type Snapshot } from '@drover/live';
import { frameOf, type OverviewFrame } from './overview-frames.js';
import type { OverviewDto } from './overview.dto.js';
import { fromOverview } from './translate.js';

/** Overviews: one for who asks, and one a second at most for all of a project who follow. */
export class OverviewFeed {
  private readonly snapshots: SharedSnapshots<OverviewFrame>;

  constructor(
    private readonly overviews: OverviewService,
    private readonly alarms: AlarmsService,
    bells: Doorbells,
  ) {
    this.snapshots = new SharedSnapshots(bells, async (project) => frameOf(await this.look(project)));
  }

  /** The overview for members of this project; null: for those who see all projects. */
  async look(project: string | null): Promise<OverviewDto> {
    const [overview, alarms] = await Promise.all([
      this.overviews.look(project),
      this.alarms.list().then((rules) => this.alarms.active(rules)),
    ]);
    return fromOverview(overview, alarms);
  }

  follow(project: string | null, signal: AbortSignal): AsyncGenerator<Snapshot<OverviewFrame>> {
    return this.snapshots.follow(project, signal);
  }
}
