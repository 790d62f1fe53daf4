import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { invalid } from '@drover/domain';
import { ApiProblems, momentOf, Needs, Valid } from '@drover/http';
import { TimelineService, type NodePeriod, type TimelineBar } from '@drover/jobs';
import { TimelineDto, TimelineQueryDto, type NodePeriodDto, type TimelineBarDto } from './dto/timeline.dto.js';

const HOUR_MS = 3_600_000;
const LONGEST_MS = 366 * 24 * HOUR_MS;

@ApiTags('timeline')
@Needs('read')
@Controller('api/v1/timeline')
export class TimelineController {
  constructor(private readonly timeline: TimelineService) {}

  /**
   * Shows what ran where and when
   *
   * Executions as bars on the slots of nodes, with the expected ends of those that run; of long periods numbers in 60
   * parts. Of executions that began before the period the last 6,000 are looked at. Jobs of other projects are bars
   * without a name.
   */
  @Get()
  @ApiOkResponse({ type: TimelineDto, description: 'The period' })
  @ApiProblems(422)
  async get(@Query(Valid) query: TimelineQueryDto): Promise<TimelineDto> {
    const now = Date.now();
    const to = (query.to === undefined ? null : momentOf(query.to, now)) ?? new Date(now);
    const from = (query.from === undefined ? null : momentOf(query.from, now)) ?? new Date(to.getTime() - HOUR_MS);
    const length = to.getTime() - from.getTime();
    if (length <= 0) throw invalid([{ field: 'to', message: 'must be later than from' }]);
    if (length > LONGEST_MS) throw invalid([{ field: 'from', message: 'must be at most 366 days before to' }]);
    const { nodes, bars, buckets, lost, drained, offline } = await this.timeline.look({
      from,
      to,
      queue: query.queue ?? null,
      node: query.node ?? null,
    });
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      nodes,
      bars: bars?.map(fromBar) ?? null,
      buckets: buckets.map((bucket) => ({
        ...bucket,
        from: bucket.from.toISOString(),
        to: bucket.to.toISOString(),
      })),
      lost: lost.map(fromPeriod),
      drained: drained.map(fromPeriod),
      offline: offline.map(fromPeriod),
    };
  }
}

const fromPeriod = ({ node, from, to }: NodePeriod): NodePeriodDto => ({
  node,
  from: from.toISOString(),
  to: to?.toISOString() ?? null,
});

function fromBar({ job, from, to, expected_end, ...bar }: TimelineBar): TimelineBarDto {
  return {
    ...bar,
    from: from.toISOString(),
    to: to?.toISOString() ?? null,
    expected_end: expected_end?.toISOString() ?? null,
    job: job && {
      id: job.job_id,
      execution_id: job.id,
      name: job.name,
      owner: job.owner,
      queue: job.queue,
      attempt: job.attempt,
      exit_code: job.exit_code,
      state: job.state,
    },
  };
}
