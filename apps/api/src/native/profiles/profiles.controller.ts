import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { currentOf, type JobDesc, type Profile, type ProfileSummary } from '@drover/domain';
import { Needs, ApiProblems, fromCursor, toCursor, Valid } from '@drover/http';
import { ProfilesService, type Figure } from '@drover/profiles';
import {
  CompareProfilesDto,
  ComparisonDto,
  ListProfilesDto,
  ProfileDto,
  ProfileHeadDto,
  ProfileListDto,
} from './profile.dto.js';

const DEFAULT_LIMIT = 100;
const DEFAULT_LAST = 10;

@ApiTags('profiles')
@Controller('api/v1/profiles')
export class ProfilesController {
  constructor(private readonly profiles: ProfilesService) {}

  /** Lists what remains of finished jobs, the newest first */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: ProfileListDto, description: 'Profiles without their metrics' })
  @ApiProblems(422)
  async list(@Query(Valid) query: ListProfilesDto): Promise<ProfileListDto> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const { command, queue } = query;
    const cursor = fromCursor(query.cursor);
    const found = await this.profiles.list(
      {
        ...(command === undefined ? {} : { command }),
        ...(queue === undefined ? {} : { queue }),
        ...(cursor === undefined ? {} : { cursor }),
      },
      limit + 1,
    );
    const shown = found.slice(0, limit);
    return {
      profiles: shown.map((one) => headOf({ ...one, desc: one.description })),
      next: toCursor(found.length > limit ? (shown.at(-1)?.seq ?? null) : null),
    };
  }

  /**
   * Compares a job with another, or with the median of the last ones of its command
   *
   * Figure by figure, the summary's first, each with its ratio.
   */
  @Needs('read')
  @Get('compare')
  @ApiOkResponse({ type: ComparisonDto, description: 'The comparison' })
  @ApiProblems(404, 422)
  async compare(@Query(Valid) query: CompareProfilesDto): Promise<ComparisonDto> {
    if (query.with !== undefined) {
      const { b, figures } = await this.profiles.compare(query.with, query.job);
      return { job: headOf(b), with: [query.with], figures: figures.map(fromFigure) };
    }
    const { b, of, figures } = await this.profiles.compareToMedian(query.job, query.last ?? DEFAULT_LAST);
    return { job: headOf(b), with: of, figures: figures.map(fromFigure) };
  }

  /** Shows the profile of a job; a job id with a slash in it is percent-encoded */
  @Needs('read')
  @Get(':job')
  @ApiOkResponse({ type: ProfileDto, description: 'The profile with its metrics' })
  @ApiProblems(404)
  async get(@Param('job') job: string): Promise<ProfileDto> {
    return fromProfile(await this.profiles.get(job));
  }

  /** Deletes the profile of a job */
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

const headOf = (one: Head): PlainHead => ({
  job: one.desc.jobid,
  command: one.desc.command,
  size: one.desc.size,
  queue: one.queue,
  owner: one.owner,
  node: one.node,
  outcome: one.outcome,
  cause: one.cause,
  exit_code: one.exit_code,
  started_at: one.desc.start_time > 0 ? new Date(one.desc.start_time * 1000).toISOString() : null,
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

const fromFigure = ({ name, a, b, ratio }: Figure): ComparisonDto['figures'][number] => ({
  name,
  with: a,
  job: b,
  ratio,
});
