import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, fromCursor, Needs, toCursor, Valid } from '@drover/http';
import { FamilyService } from '@drover/jobs';
import { ChildListDto, ChildrenQueryDto, FamiliesQueryDto, FamilyListDto } from './dto/family.dto.js';
import { JobId } from './job-id.pipe.js';

const DEFAULT_CHILDREN = 1_000;

@ApiTags('jobs')
@Needs('read')
@Controller('api/v1/jobs')
export class FamiliesController {
  constructor(private readonly families: FamilyService) {}

  /**
   * Counts the children of jobs by state
   *
   * Children are the ticks of a cron job, and jobs that were submitted with a `parent_id`. Exact up to 10,000 of each
   * parent.
   */
  @Get('families')
  @ApiOkResponse({ type: FamilyListDto, description: 'The children in numbers' })
  @ApiProblems(422, 429)
  async list(@Query(Valid) { parent }: FamiliesQueryDto): Promise<FamilyListDto> {
    return {
      families: (await this.families.families(parent)).map(({ id, ...family }) => ({ parent: id, ...family })),
    };
  }

  /**
   * Lists the children of a job, newest first
   *
   * In few words, for a map of thousands; the list of jobs with `parent` has them whole.
   */
  @Get(':id/children')
  @ApiOkResponse({ type: ChildListDto, description: 'A page of children' })
  @ApiProblems(404, 422)
  async children(@Param('id', JobId) id: string, @Query(Valid) query: ChildrenQueryDto): Promise<ChildListDto> {
    const cursor = fromCursor(query.cursor);
    const { children, next } = await this.families.children(id, {
      limit: query.limit ?? DEFAULT_CHILDREN,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { children: children.map(({ seq: _, ...child }) => child), next: toCursor(next) };
  }
}
