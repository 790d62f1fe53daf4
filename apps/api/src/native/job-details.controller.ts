import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DroverError, isTerminal } from '@drover/domain';
import { Needs, ApiProblems, Valid } from '@drover/http';
import { ExplainService, OutlookService, QueryService } from '@drover/jobs';
import { JobCountersService } from '@drover/metrics';
import { CounterListDto } from './dto/counters.dto.js';
import { ExecutionListDto, ExplanationDto, ResultDto, SampleListDto } from './dto/job.dto.js';
import { PhaseListDto, RunListDto } from './dto/outlook.dto.js';
import { SamplesQueryDto } from './dto/queries.dto.js';
import { JobId } from './job-id.pipe.js';
import { fromOutlook, fromPhases, fromRuns } from './outlook.js';
import { fromExecution, fromSample, resultOf } from './translate.js';

const DEFAULT_SAMPLES = 1_000;

@ApiTags('jobs')
@Needs('read')
@Controller('api/v1/jobs/:id')
export class JobDetailsController {
  constructor(
    private readonly query: QueryService,
    private readonly explains: ExplainService,
    private readonly outlook: OutlookService,
    private readonly counters: JobCountersService,
  ) {}

  /**
   * Lists the executions of a job, oldest first
   *
   * An execution is one claim of the job by an agent: retries and lost nodes make more than one.
   */
  @Get('executions')
  @ApiOkResponse({ type: ExecutionListDto, description: 'Every claim of the job' })
  @ApiProblems(404)
  async executions(@Param('id', JobId) id: string): Promise<ExecutionListDto> {
    await this.query.get(id);
    return { executions: (await this.query.executions(id)).map(fromExecution) };
  }

  /**
   * Shows how a job ended
   *
   * Before its end this is 409; follow `…/events` or `…/logs?follow=true` to know when it has come.
   */
  @Get('result')
  @ApiOkResponse({ type: ResultDto, description: 'How it ended' })
  @ApiProblems(404, 409)
  async result(@Param('id', JobId) id: string): Promise<ResultDto> {
    const job = await this.query.get(id);
    if (!isTerminal(job.state)) {
      throw new DroverError(
        'conflict',
        `Job ${id} is ${job.state}; it has no result yet. Ask again when it has ended.`,
        { job_id: id, state: job.state },
      );
    }
    const [execution, artifacts] = await Promise.all([
      job.execution_id ? this.query.execution(job.execution_id) : null,
      this.query.artifacts(id),
    ]);
    return resultOf(job, execution, artifacts.length);
  }

  /**
   * Explains why a job is not running yet, or why it ended as it did
   *
   * A paused queue, no agent that serves it, busy slots, a time to come, dependencies, a missing container engine.
   * `start` says when it will start, by the run times of its queue, the slots, and what comes before it.
   */
  @Get('explain')
  @ApiOkResponse({ type: ExplanationDto, description: 'The reasons' })
  @ApiProblems(404)
  async explain(@Param('id', JobId) id: string): Promise<ExplanationDto> {
    const { job, summary, reasons } = await this.explains.explain(id);
    const outlook = await this.outlook.of(job);
    return { job_id: job.id, state: job.state, summary, reasons, start: outlook && fromOutlook(outlook) };
  }

  /**
   * Shows the steps of each attempt
   *
   * Accepted, queued, claimed, first output, running, result, each with its median in the queue; running with that of
   * the earlier runs of the same command. After a retry, accepted begins with the retry.
   */
  @Get('phases')
  @ApiOkResponse({ type: PhaseListDto, description: 'The steps, attempt by attempt' })
  @ApiProblems(404)
  async phases(@Param('id', JobId) id: string): Promise<PhaseListDto> {
    const [job, { attempts, medians, runs }] = await Promise.all([this.query.get(id), this.outlook.phases(id)]);
    return {
      job_id: id,
      attempts: attempts.map((attempt) => fromPhases(attempt, medians, job.attempt)),
      median_runs: runs,
    };
  }

  /**
   * Shows the runs of the same work before and after a job
   *
   * The previous one and the next one have the same name; a job without a name goes by its command. The last 20 with
   * what they took are of the same command and image, or of the same name where no such job has run. All are of the
   * same project. A run is found by its command once it has ended.
   */
  @Get('runs')
  @ApiOkResponse({ type: RunListDto, description: 'The runs; empty where there is no other' })
  @ApiProblems(404)
  async runs(@Param('id', JobId) id: string): Promise<RunListDto> {
    return fromRuns(await this.outlook.runs(id));
  }

  /**
   * Shows what a job used: readings of its whole process tree, oldest first
   *
   * CPU, memory, GPU, disk and network, about every five seconds. Ranges by `from` and `to`.
   */
  @Get('metrics')
  @ApiOkResponse({ type: SampleListDto, description: 'The readings' })
  @ApiProblems(404, 422)
  async metrics(@Param('id', JobId) id: string, @Query(Valid) query: SamplesQueryDto): Promise<SampleListDto> {
    await this.query.get(id);
    const samples = await this.query.samples(id, {
      ...(query.from === undefined ? {} : { from: new Date(query.from) }),
      ...(query.to === undefined ? {} : { to: new Date(query.to) }),
      limit: query.limit ?? DEFAULT_SAMPLES,
    });
    return { samples: samples.map(fromSample) };
  }

  /**
   * Shows the counters and gauges that a job pushed, over time
   *
   * Read every 5 s while it runs, and once more when it has ended. Of a long job the older readings are thinned. The
   * first 40 series by name are kept.
   */
  @Get('counters')
  @ApiOkResponse({ type: CounterListDto, description: 'The readings as columns' })
  @ApiProblems(404, 422)
  async ownCounters(@Param('id', JobId) id: string, @Query(Valid) query: SamplesQueryDto): Promise<CounterListDto> {
    await this.query.get(id);
    const { series, readings } = await this.counters.ofJob(id, {
      ...(query.from === undefined ? {} : { from: new Date(query.from) }),
      ...(query.to === undefined ? {} : { to: new Date(query.to) }),
      limit: query.limit ?? DEFAULT_SAMPLES,
    });
    return { series, readings: readings.map(({ at, values }) => ({ at: at.toISOString(), values })) };
  }
}
