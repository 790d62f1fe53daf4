import type { Profile } from '@drover/domain';
import { isUuid } from '@drover/jobs';
import { counterReadingStore, profileStore, type Store } from '@drover/store';
import { curvesOf, gridOf, type Curve, type Grid, type Sides } from './curves.js';
import { ownCurvesOf, seriesOf } from './own-curves.js';
import type { ProfilesService } from './profiles.service.js';

/** Readings of a job that one step looks at: its first ones. */
const READINGS_A_STEP = 10;
/** Readings of series that jobs pushed: of each job there are some hundreds. */
const MOST_OWN_READINGS = 25_000;
/** The last readings of so many jobs say which series there are. */
const MOST_NAMED = 3;

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
    const sides = { job, with: other, runs: known };
    const curves = [...curvesOf(points, sides, grid), ...(await this.pushed(sides, spans, grid))];
    return { stepS: grid.stepS, runs: known, curves };
  }

  /** The series that both sides pushed. */
  private async pushed(sides: Sides, spans: ReadonlyMap<string, Span>, grid: Grid): Promise<Curve[]> {
    const { sql } = this.store;
    const named = [sides.job, ...(sides.with === null ? sides.runs : [sides.with])].slice(0, MOST_NAMED);
    const last = await Promise.all(
      named.map(async (id) => (spans.has(id) ? counterReadingStore.ofJob(sql, id, { limit: 1 }) : [])),
    );
    const series = seriesOf(last.flat().map(({ vals }) => vals));
    if (series.length === 0) return [];
    const names = series.map(({ name }) => name);
    const readings = await counterReadingStore.ofSeries(sql, [...spans.keys()], names, MOST_OWN_READINGS);
    return ownCurvesOf(series, readings, spans, sides, grid);
  }
}

interface Span {
  id: string;
  start: Date;
  stop: Date;
}

/** A job of Drover's that ran. Samples of others are nowhere. */
const hasSamples = ({ desc, summary }: Profile): boolean => isUuid(desc.jobid) && (summary.wall_s ?? 0) > 0;

const spanOf = ({ desc, summary, finished_at: stop }: Profile): Span => ({
  id: desc.jobid,
  start: new Date(stop.getTime() - (summary.wall_s ?? 0) * 1_000),
  stop,
});
