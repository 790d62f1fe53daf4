import type { Profile } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import { profileStore, type Store } from '@drover/store';
import { curvesOf, gridOf, type Curve } from './curves.js';
import type { ProfilesService } from './profiles.service.js';

/** Readings of a job that one step looks at: its first ones. */
const READINGS_A_STEP = 10;

interface Curves {
  stepS: number;
  /** The jobs with readings that low, high and the median are of. */
  runs: string[];
  curves: Curve[];
}

/** The curves of what jobs used over the time since their start, as long as their samples are kept. */
export class CurvesService {
  constructor(
    private readonly store: Store,
    private readonly profiles: ProfilesService,
  ) {}

  /** A job beside another one, or (null) beside the median of the `last` other runs of its command. Throws `not_found`. */
  async of(job: string, other: string | null, last: number): Promise<Curves> {
    const own = await this.profiles.get(job);
    const [beside, runs] = await Promise.all([
      other === null ? null : this.profiles.get(other),
      this.profiles.others(own, last),
    ]);
    const ran = [own, ...(beside === null ? [] : [beside]), ...runs].filter(hasSamples);
    const grid = gridOf(Math.max(0, ...ran.map(({ summary }) => summary.wall_s ?? 0)));
    const spans = new Map(ran.map((profile) => [profile.desc.jobid, spanOf(profile)]));
    const points = await profileStore.curves(this.store.sql, [...spans.values()], {
      ...grid,
      readings: READINGS_A_STEP,
    });
    const read = new Set(points.map((point) => point.job_id));
    const known = runs.flatMap(({ desc }) => (read.has(desc.jobid) ? [desc.jobid] : []));
    return { stepS: grid.stepS, runs: known, curves: curvesOf(points, { job, with: other, runs: known }, grid) };
  }
}

/** A job of Drover's that ran. Samples of others are nowhere. */
const hasSamples = ({ desc, summary }: Profile): boolean => isUuid(desc.jobid) && (summary.wall_s ?? 0) > 0;

const spanOf = ({ desc, summary, finished_at: stop }: Profile): { id: string; start: Date; stop: Date } => ({
  id: desc.jobid,
  start: new Date(stop.getTime() - (summary.wall_s ?? 0) * 1_000),
  stop,
});
