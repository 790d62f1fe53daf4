import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, Needs, Valid } from '@drover/http';
import { FilterValuesService } from '@drover/jobs';
import { FilterValueListDto, FilterValuesQueryDto } from './dto/filter-values.dto.js';

const DEFAULT_VALUES = 20;

@ApiTags('jobs')
@Needs('read')
@Controller('api/v1/jobs/filter-values')
export class FilterValuesController {
  constructor(private readonly values: FilterValuesService) {}

  /**
   * Lists values that a filter of jobs may ask for
   *
   * Owners, tags, exit codes, dialects or names of the newest 20,000 jobs that the client may see, for the completion
   * of a filter. States and causes are closed lists of this document; queues and nodes have lists of their own.
   */
  @Get()
  @ApiOkResponse({ type: FilterValueListDto, description: 'Values, those of the most jobs first' })
  @ApiProblems(422, 429)
  async list(@Query(Valid) { field, q, limit }: FilterValuesQueryDto): Promise<FilterValueListDto> {
    return {
      values: await this.values.known(field, { limit: limit ?? DEFAULT_VALUES, ...(q === undefined ? {} : { q }) }),
    };
  }
}
