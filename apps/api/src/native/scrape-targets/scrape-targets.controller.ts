import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DroverError, isDroverError, type ScrapeTarget } from '@drover/domain';
import { presentOwner, Needs, ApiProblems, Valid } from '@drover/http';
import { isUuid } from '@drover/jobs';
import { DROP_AFTER, ScrapeService, urlOf } from '@drover/scrape';
import { ScrapeTargetDto, ScrapeTargetListDto, ScrapeTargetViewDto } from './scrape-target.dto.js';

const fromTarget = (target: ScrapeTarget): ScrapeTargetViewDto => ({
  id: target.id,
  address: target.address,
  url: urlOf(target.kind, target.address),
  kind: target.kind,
  period_s: target.period_s,
  job: target.job,
  keep: target.drop_after === null,
  health: target.health,
  failures: target.failures,
  last_error: target.last_error,
  last_scrape_at: target.last_scrape_at?.toISOString() ?? null,
  last_duration_ms: target.last_duration_ms,
  series: target.series,
  owner: target.owner,
  created_at: target.created_at.toISOString(),
});

const PLACE = 'must be host:port without http://, such as localhost:9100';

/** The remedies of what may be wrong with an address, by the reason of the refusal. */
const REMEDIES: Readonly<Record<string, (why: string) => string>> = {
  url: () => PLACE,
  address: () => PLACE,
  silent: (why) => `must answer now, as an exporter at /metrics or as a metric proxy at /job/list${why}`,
};

/** The refusal of an address with its fault at the field. */
function atAddress(error: unknown, address: string): unknown {
  if (!isDroverError(error) || !['invalid', 'forbidden'].includes(error.code)) return error;
  const { reason, why, ...details } = error.details as { reason?: string; why?: string };
  const message = REMEDIES[reason ?? '']?.(why === undefined ? '' : ` (${why})`) ?? error.message;
  return new DroverError(error.code, `address: ${message}`, {
    ...details,
    faults: [{ field: 'address', message, value: address }],
  });
}

function checked(id: string): string {
  if (!isUuid(id)) throw new DroverError('not_found', `There is no scrape target ${id.slice(0, 100)}.`);
  return id;
}

@ApiTags('scrape targets')
@Controller('api/v1/scrape-targets')
export class ScrapeTargetsController {
  constructor(private readonly scrapes: ScrapeService) {}

  /**
   * Lists what is scraped, with its health
   *
   * The health of the last try, its duration, and how many series it gave.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: ScrapeTargetListDto, description: 'All targets' })
  @ApiProblems()
  async list(): Promise<ScrapeTargetListDto> {
    return { targets: (await this.scrapes.list()).map(fromTarget) };
  }

  /**
   * Adds a target
   *
   * It has to answer now. A known address gets the new settings and keeps what it has counted. A refusal names the
   * field and what would be right.
   */
  @Needs('operate')
  @Post()
  @ApiCreatedResponse({ type: ScrapeTargetViewDto, description: 'The target' })
  @ApiProblems(400, 413, 422)
  async create(@Body(Valid) body: ScrapeTargetDto): Promise<ScrapeTargetViewDto> {
    try {
      const target = await this.scrapes.join(body.address, {
        ...(body.period_s == null ? {} : { period_s: body.period_s }),
        job: body.job ?? null,
        drop_after: body.keep ? null : DROP_AFTER,
        owner: presentOwner(),
      });
      return fromTarget(target);
    } catch (error) {
      throw atAddress(error, body.address);
    }
  }

  /**
   * Shows a target
   *
   * The health of the last try, its duration, and how many series it gave.
   */
  @Needs('read')
  @Get(':id')
  @ApiOkResponse({ type: ScrapeTargetViewDto, description: 'The target' })
  @ApiProblems(404)
  async get(@Param('id') id: string): Promise<ScrapeTargetViewDto> {
    return fromTarget(await this.scrapes.get(checked(id)));
  }

  /**
   * Stops scraping a target; what it gave stays in the sums
   *
   * A target that was joined through the metric proxy goes as well.
   */
  @Needs('operate')
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is gone' })
  @ApiProblems(404)
  async delete(@Param('id') id: string): Promise<void> {
    await this.scrapes.remove(checked(id));
  }
}
