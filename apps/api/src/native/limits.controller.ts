import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Needs, ApiProblems, BATCH_BODY_BYTES, BODY_BYTES } from '@drover/http';
import { LIMITS } from '@drover/jobs';
import { LEASE_S } from '@drover/protocol';
import { LimitsViewDto } from './dto/views.dto.js';

@ApiTags('operations')
@Needs('read')
@Controller('api/v1/limits')
export class LimitsController {
  /**
   * Shows what is refused beyond
   *
   * Sizes in bytes, counts and lengths. The same for everybody.
   */
  @Get()
  @ApiOkResponse({ type: LimitsViewDto, description: 'The limits' })
  @ApiProblems()
  limits(): LimitsViewDto {
    return {
      body_bytes: BODY_BYTES,
      batch_body_bytes: BATCH_BODY_BYTES,
      ...LIMITS,
      page_jobs: 1_000,
      agent_lease_s: LEASE_S,
    };
  }
}
