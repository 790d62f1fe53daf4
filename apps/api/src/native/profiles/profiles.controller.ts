import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { currentOf, invalid, type JobDesc, type Profile, type ProfileSummary } from '@drover/domain';
import { Needs, ApiProblems, fromCursor, momentOf, toCursor, Valid } from '@drover/http';
import { betterOf, CurvesService, ProfilesService, unitOf, type Comparison } from '@drover/profiles';
import {
  CompareProfilesDto,
  ComparisonDto,
  CurvesDto,
  ListProfilesDto,
  ProfileCurvesQueryDto,
  ProfileDto,
  ProfileHeadDto,
  ProfileListDto,
} from './profile.dto.js';

const DEFAULT_LIMIT = 100;
const DEFAULT_LAST = 10;

@ApiTags('profiles')
@Controller('api/v1/profiles')
export class ProfilesController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly curves: CurvesService,
  ) {}

  /**
   * Lists what remains of finished jobs, the newest first
   *
   * A filter by anything but command and queue looks at 20,000 profiles a page: a page may then hold fewer than asked
   * for, or none, while `next` leads on.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: ProfileListDto, description: 'Profiles without their metrics' })
  @ApiProblems(422, 429)
  async list(@Query(Valid) query: ListProfilesDto): Promise<ProfileListDto> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const { command, queue, owner, outcome, q, finished_after: first, finished_before: end } = query;
    const cursor = fromCursor(query.cursor);
    const now = Date.now();
    const [after, before] = [first, end].map((text) => (text === undefined ? null : momentOf(text, now)));
    if (after && before && after >= before)
      throw invalid([{ field: 'finished_before', message: 'must be later than finished_after' }]);
    const { profiles: found, last } = await this.profiles.list(
      {
        ...(command === undefined ? {} : { command }),
        ...(queue === undefined ? {} : { queue }),
        ...(owner === undefined ? {} : { owner }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(q === undefined ? {} : { q }),
        ...(after ? { after } : {}),
        ...(before ? { before } : {}),
        ...(cursor === undefined ? {} : { cursor }),
      },
      limit + 1,
    );
    const shown = found.slice(0, limit);
    return {
      profiles: shown.map((one) => headOf({ ...one, desc: one.description })),
      next: toCursor(found.length > limit ? (shown.at(-1)?.seq ?? null) : last),
    };
  }

  /**
   * Compares a job with another, or with the median of the last ones of its command
   *
   * Figure by figure, the summary's first, each with its ratio and the range of the last runs of the command.
   */
  @Needs('read')
  @Get('compare')
  @ApiOkResponse({ type: ComparisonDto, description: 'The comparison' })
  @ApiProblems(404, 422)
  async compare(@Query(Valid) query: CompareProfilesDto): Promise<ComparisonDto> {
    const last = query.last ?? DEFAULT_LAST;
    if (query.with !== undefined) {
      const { a, ...comparison } = await this.profiles.compare(query.with, query.job, last);
      return { ...fromComparison(comparison), with: [query.with], other: headOf(a) };
    }
    const comparison = await this.profiles.compareToMedian(query.job, last);
    return { ...fromComparison(comparison), with: comparison.runs, other: null };
  }

  /**
   * Shows what a job used over time, beside another job or the median of the last ones of its command
   *
   * Times count from the start of each job. A step has the mean of its first 10 readings. Readings are kept for
   * `DROVER_RETENTION_SAMPLES`.
   */
  @Needs('read')
  @Get('curves')
  @ApiOkResponse({ type: CurvesDto, description: 'The curves' })
  @ApiProblems(404, 422)
  async over(@Query(Valid) query: ProfileCurvesQueryDto): Promise<CurvesDto> {
    const { stepS, ...more } = await this.curves.of(query.job, query.with ?? null, query.last ?? DEFAULT_LAST);
    return { step_s: stepS, ...more };
  }

  /**
   * Shows the profile of a job; a job id with a slash in it is percent-encoded
   *
   * The figures of its run and the last value of each of its metrics.
   */
  @Needs('read')
  @Get(':job')
  @ApiOkResponse({ type: ProfileDto, description: 'The profile with its metrics' })
  @ApiProblems(404)
  async get(@Param('job') job: string): Promise<ProfileDto> {
    return fromProfile(await this.profiles.get(job));
  }

  /**
   * Deletes the profile of a job
   *
   * The job itself stays.
   */
  @Needs('operate')
  @Delete(':job')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is gone' })
  @ApiProblems(404)
  async delete(@Param('job') job: string): Promise<void> {
    await this.profiles.delete(job);
  }
}

/** A plain object: the class is for the OpenAPI document only. */
type PlainHead = { [K in keyof ProfileHeadDto]: ProfileHeadDto[K] };

interface Head {
  name: string | null;
  desc: JobDesc;
  queue: string | null;
  owner: string | null;
  node: string | null;
  outcome: string | null;
  cause: string | null;
  exit_code: number | null;
  summary: ProfileSummary;
  finished_at: Date;
}

/** Metric clients say the start of their jobs themselves. Null: they do not, or it is no time. */
function startOf({ start_time: seconds }: JobDesc): string | null {
  const at = new Date(seconds * 1000);
  return seconds > 0 && Number.isFinite(at.getTime()) ? at.toISOString() : null;
}

const headOf = (one: Head): PlainHead => ({
  job: one.desc.jobid,
  name: one.name,
  command: one.desc.command,
  size: one.desc.size,
  queue: one.queue,
  owner: one.owner,
  node: one.node,
  outcome: one.outcome,
  cause: one.cause,
  exit_code: one.exit_code,
  started_at: startOf(one.desc),
  finished_at: one.finished_at.toISOString(),
  summary: one.summary,
});

const fromProfile = (profile: Profile): ProfileDto => ({
  ...headOf(profile),
  metrics: profile.counters.map((series) => ({
    name: series.name,
    doc: series.doc,
    type: series.type,
    value: currentOf(series),
    ...(series.type === 'gauge' ? { min: series.min, max: series.max, hits: series.hits } : {}),
  })),
});

const fromComparison = ({ b, figures, ranges, runs }: Comparison): Omit<ComparisonDto, 'with' | 'other'> => ({
  job: headOf(b),
  runs,
  figures: figures.map(({ name, a, b: value, ratio }) => ({
    name,
    with: a,
    job: value,
    ratio,
    low: ranges.get(name)?.[0] ?? null,
    high: ranges.get(name)?.[1] ?? null,
    unit: unitOf(name),
    better: betterOf(name),
  })),
});
