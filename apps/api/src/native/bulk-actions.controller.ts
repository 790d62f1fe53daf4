import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { invalid, type FieldFault } from '@drover/domain';
import { ApiProblems, fromCursor, Needs, toCursor, Valid } from '@drover/http';
import { BulkActionsService, type BulkRequest, type StoredBulkAction } from '@drover/jobs';
import { BulkActionDto, BulkActionListDto, BulkPreviewDto, BulkRequestDto } from './dto/bulk-action.dto.js';
import { PageQueryDto } from './dto/page-query.dto.js';
import { idempotencyOf } from './idempotency.js';
import { toFilter } from './job-filter.js';
import { JobId } from './job-id.pipe.js';
import { fromJob } from './translate.js';

const DEFAULT_PAGE = 100;

/** Changes of many jobs at once. */
@ApiTags('bulk actions')
@Controller('api/v1/jobs/actions')
export class BulkActionsController {
  constructor(private readonly bulk: BulkActionsService) {}

  /**
   * Changes many jobs, by a filter or by their ids
   *
   * The server works it off in batches, also when an API process dies meanwhile; `Location` says where its progress is
   * shown. Only jobs that exist by now are changed, each at most once, and only where the client may change it: others
   * are counted as skipped, with the reason. With an `Idempotency-Key` the same request may be sent again: the same key
   * and body give the action of then (200), the same key with another body is refused (422).
   */
  @Needs('submit')
  @Post()
  @HttpCode(202)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: '1 to 200 printable characters; kept as long as the bulk action, 7 days after its end',
    schema: { type: 'string' },
  })
  @ApiAcceptedResponse({ type: BulkActionDto, description: 'Noted; it begins within a second' })
  @ApiOkResponse({ type: BulkActionDto, description: 'The key was known: the bulk action of then' })
  @ApiProblems(400, 413, 415, 422, 429)
  async ask(
    @Body(Valid) body: BulkRequestDto,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<BulkActionDto> {
    const { action, created } = await this.bulk.ask(requestOf(body), idempotencyOf(key, body));
    response.statusCode = created ? 202 : 200;
    response.setHeader('Location', `/api/v1/jobs/actions/${action.id}`);
    return fromBulkAction(action);
  }

  /**
   * Shows the jobs that a bulk action would be about
   *
   * Takes the same body, and changes nothing.
   */
  @Needs('submit')
  @Post('preview')
  @HttpCode(200)
  @ApiOkResponse({ type: BulkPreviewDto, description: 'How many jobs, and some of them' })
  @ApiProblems(400, 413, 415, 422)
  async preview(@Body(Valid) body: BulkRequestDto): Promise<BulkPreviewDto> {
    const { count, exact, examples } = await this.bulk.preview(requestOf(body));
    return { count, exact, examples: examples.map(fromJob) };
  }

  /**
   * Lists bulk actions, newest first
   *
   * They are kept for a week. Give `next` of the answer as `cursor` for the next page.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: BulkActionListDto, description: 'The bulk actions of the project; they are kept for 7 days' })
  @ApiProblems(422)
  async list(@Query(Valid) query: PageQueryDto): Promise<BulkActionListDto> {
    const { actions, next } = await this.bulk.list(query.limit ?? DEFAULT_PAGE, fromCursor(query.cursor));
    return { actions: actions.map(fromBulkAction), next: toCursor(next) };
  }

  /**
   * Shows how far a bulk action has got
   *
   * How many jobs it was about, how many were changed, and why others were skipped.
   */
  @Needs('read')
  @Get(':id')
  @ApiOkResponse({ type: BulkActionDto, description: 'The bulk action' })
  @ApiProblems(404)
  async get(@Param('id', JobId) id: string): Promise<BulkActionDto> {
    return fromBulkAction(await this.bulk.get(id));
  }

  /**
   * Stops a bulk action
   *
   * It ends behind its present batch of up to 500 jobs. What is changed stays changed.
   */
  @Needs('submit')
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOkResponse({ type: BulkActionDto, description: 'The bulk action, cancelled' })
  @ApiProblems(404, 409)
  async cancel(@Param('id', JobId) id: string): Promise<BulkActionDto> {
    return fromBulkAction(await this.bulk.cancel(id));
  }
}

/** Throws `invalid` for fields that do not go together. */
function requestOf({ action, filter, ids, reason, priority, tags }: BulkRequestDto): BulkRequest {
  const faults: FieldFault[] = [];
  const fault = (field: string, message: string): void => void faults.push({ field, message });
  if ((filter == null) === (ids == null)) fault('filter', 'must be given, or ids instead of it');
  if (reason != null && action !== 'cancel') fault('reason', 'goes with the action cancel alone');
  if ((priority != null) !== (action === 'priority'))
    fault('priority', 'must be given with the action priority, and no other');
  if ((tags != null) !== (action === 'tag' || action === 'untag'))
    fault('tags', 'must be given with the actions tag and untag, and no other');
  if (faults.length > 0) throw invalid(faults);
  return {
    action,
    ...(filter == null ? {} : { filter: toFilter(filter, Date.now(), 'filter.') }),
    ...(ids == null ? {} : { ids }),
    ...(reason == null ? {} : { reason }),
    ...(priority == null ? {} : { priority }),
    ...(tags == null ? {} : { tags: [...new Set(tags)] }),
  };
}

function fromBulkAction(action: StoredBulkAction): BulkActionDto {
  const { id, owner, project, state, problem, matched, matched_exact, done, passed } = action;
  return {
    id,
    action: action.action,
    state,
    problem,
    owner,
    project,
    matched,
    matched_exact,
    done,
    skipped: passed,
    reasons: action.skipped,
    created_at: action.created_at.toISOString(),
    finished_at: action.finished_at?.toISOString() ?? null,
  };
}
