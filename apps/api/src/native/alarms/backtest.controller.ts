import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { BacktestService, type Backtest } from '@drover/alarms';
import { DroverError, isReservedEntry } from '@drover/domain';
import { ApiProblems, Needs, presentOwner, Valid } from '@drover/http';
import { AlarmActions } from '../../metrics/alarm-actions.js';
import { BacktestDto, BacktestResultDto } from './backtest.dto.js';
import { toRule } from './translate.js';

/** Seconds. */
const DEFAULT_WINDOW_S = 30 * 86_400;
/** Backtests at once in this process. */
const PLACES = 2;

@ApiTags('alarms')
@Controller('api/v1/alarms/backtest')
export class BacktestController {
  private running = 0;

  constructor(
    private readonly backtests: BacktestService,
    private readonly actions: AlarmActions,
  ) {}

  /**
   * Says when an alarm would have fired in the past
   *
   * The rule is tried with the evaluation of the live alarms on every job it looks at that runs, or ended in the
   * window. `job_cpu_percent`, `job_memory_bytes` and `job_gpu_percent` have samples, as far back as these are kept. Of
   * all other metrics, and of jobs whose samples are gone, profiles keep the value at the end (of the three: the peak).
   * Such a firing is not `certain`. `main` and nodes leave nothing behind.
   */
  @Needs('operate')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: BacktestResultDto, description: 'The firings, and the jobs that were looked at' })
  @ApiProblems(400, 422)
  async run(
    @Body(Valid) { window_s, series = 0, ...alarm }: BacktestDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BacktestResultDto> {
    const rule = toRule(alarm, presentOwner(), this.actions.mailPossible);
    if (this.running >= PLACES)
      throw new DroverError('rate_limited', `${PLACES} backtests are under way; try again in a few seconds.`, {
        retry_after_s: 3,
      });
    this.running += 1;
    // Whoever moves a threshold asks again before the answer: what nobody waits for gives its place back.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const options = { windowMs: (window_s ?? DEFAULT_WINDOW_S) * 1000, series, signal: gone.signal };
      const isKept = rule.target_kind !== 'entry' || !isReservedEntry(rule.target);
      return fromBacktest(await this.backtests.run(rule, options), isKept);
    } finally {
      this.running -= 1;
    }
  }
}

const iso = (at: number): string => new Date(at).toISOString();

function fromBacktest(
  { from, to, samples_since, firings, seen, series, ...counts }: Backtest,
  isKept: boolean,
): BacktestResultDto {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    samples_since: samples_since?.toISOString() ?? null,
    ...counts,
    summary: summaryOf({ from, to, samples_since, firings, seen, series, ...counts }, isKept),
    firings: firings.map(({ active_at, fired_at, ended_at, points, ...firing }) => ({
      ...firing,
      active_at: iso(active_at),
      fired_at: iso(fired_at),
      ended_at: ended_at === null ? null : iso(ended_at),
      seconds: firing.certain ? ((ended_at ?? to.getTime()) - fired_at) / 1000 : null,
      points: points.map(({ at, value }) => ({ at: iso(at), value })),
    })),
    seen: seen.map(({ from: begin, to: end, ...job }) => ({ ...job, from: iso(begin), to: iso(end) })),
    series: series.map(({ job, name, evidence, from: begin, fired, points }) => ({
      job,
      name,
      evidence,
      from: iso(begin),
      fired,
      offsets_s: points.map(({ at }) => (at - begin) / 1000),
      values: points.map(({ value }) => value),
    })),
  };
}

const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

function summaryOf(
  { from, to, samples_since, fired, fired_jobs, jobs, firings, seen, truncated }: Backtest,
  isKept: boolean,
): string {
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  const window = days >= 1 ? plural(Math.round(days), 'day') : plural(Math.round(days * 24 * 60), 'minute');
  const parts = [
    `It would have fired ${plural(fired, 'time')} in ${window} on ${fired_jobs} of ${plural(jobs, 'job')}.`,
  ];
  if (!isKept) return [...parts, 'Of main and of nodes nothing is kept.'].join(' ');
  if (samples_since && samples_since > from)
    parts.push(`Samples are kept since ${samples_since.toISOString().slice(0, 10)} only.`);
  if (samples_since === null && seen.some(({ evidence }) => evidence === 'profile'))
    parts.push('Of some jobs only the value at their end is kept.');
  if (firings.some(({ certain }) => !certain))
    parts.push('For some jobs it is known that the condition held, but not for how long.');
  if (truncated) parts.push('There was more than is looked at.');
  return parts.join(' ');
}
