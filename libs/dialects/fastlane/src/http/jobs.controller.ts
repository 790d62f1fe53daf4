import { Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Req, UseFilters } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Needs } from '@drover/http';
import { TaskQueries } from '../core/task-queries.js';
import { TasksService } from '../core/tasks.service.js';
import { EnqueueDto } from './dto/enqueue.dto.js';
import { JobActionDto, JobDetailsDto } from './dto/job.dto.js';
import { EnqueuedDto } from './dto/task.dto.js';
import { Enqueuer } from './enqueuer.js';
import { FastlaneErrorsFilter } from './errors.filter.js';
import { SETTINGS, type FastlaneSettings } from './fastlane-settings.js';
import { pageOf } from './page.js';
import { normalUuid } from './payload.js';
import { bare, FastlaneProblem } from './problem.js';
import { Stopped } from './stopped.js';
import { fromExecution, fromJob, taskLink } from './translate.js';
import { addressOf, Urls } from './urls.js';

/** Executions shown of a job. */
const SHOWN = 20;
const NOT_FOUND = 'Job not found in task.';

/** Jobs of a task: what is run, once or again and again. */
@ApiTags('fastlane')
@UseFilters(FastlaneErrorsFilter)
@Controller('tasks/:task/jobs/:job')
export class FastlaneJobsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly queries: TaskQueries,
    private readonly stopped: Stopped,
    private readonly enqueuer: Enqueuer,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
  ) {}

  @Needs('submit')
  @Put()
  @ApiOperation({ summary: 'Makes a job with an id of your own, or gives a job new details' })
  @ApiBody({ type: EnqueueDto })
  async put(@Req() request: Request, @Param('task') taskId: string, @Param('job') given: string): Promise<EnqueuedDto> {
    const jobId = normalUuid(given);
    if (jobId === undefined)
      throw bare(`The job_id ${given.slice(0, 200)} is not a valid UUID4. All job IDs must be UUID4.`);
    return this.enqueuer.enqueue(request, taskId, jobId);
  }

  @Needs('read')
  @Get()
  @ApiOperation({ summary: 'Shows a job with its last 20 executions, newest first' })
  @ApiQuery({ name: 'page', required: false })
  async show(
    @Req() request: Request,
    @Param('task') taskId: string,
    @Param('job') given: string,
    @Query('page') text?: string,
  ): Promise<JobDetailsDto> {
    const page = pageOf(text);
    if (page === undefined)
      throw new FastlaneProblem(400, 'Tasks pagination page param should be a positive integer.', 'get_job');
    const jobId = normalUuid(given);
    const job = jobId === undefined ? null : await this.queries.job(taskId, jobId);
    if (!job) throw new FastlaneProblem(404, NOT_FOUND, 'get_task');
    const urls = Urls.of(request, this.settings);
    const { executions, count } = await this.queries.executionsAndCount(taskId, job.job_id, {
      limit: SHOWN,
      offset: (page - 1) * SHOWN,
    });
    const tries = await this.queries.tries(
      executions.map((one) => one.id),
      job,
    );
    const shown = [];
    // One after the other: each may be two streams of a megabyte.
    for (const execution of executions) {
      shown.push({
        ...fromExecution(execution, await this.queries.logOf(execution), tries.get(execution.id)),
        url: urls.executionSlash(taskId, job.job_id, execution.id),
      });
    }
    return {
      task: taskLink(urls, taskId),
      job: { taskId, ...fromJob(job, count, this.settings.secretWords), executions: shown },
    };
  }

  @Needs('submit')
  @Post('stop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops the last execution, every schedule and all further retries' })
  async stop(
    @Req() request: Request,
    @Param('task') taskId: string,
    @Param('job') given: string,
  ): Promise<JobActionDto> {
    const jobId = normalUuid(given);
    const outcome = jobId === undefined ? false : await this.tasks.stop(taskId, jobId);
    if (outcome === false || jobId === undefined) throw new FastlaneProblem(404, NOT_FOUND, 'stop_job');
    await this.stopped.wait(outcome.stopped);
    return this.action(request, taskId, jobId);
  }

  @Needs('submit')
  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Runs the last execution once more' })
  async retry(
    @Req() request: Request,
    @Param('task') taskId: string,
    @Param('job') given: string,
  ): Promise<JobActionDto> {
    const jobId = normalUuid(given);
    const outcome =
      jobId === undefined
        ? 'no_job'
        : await this.tasks.retry(taskId, jobId, addressOf(request, this.settings), (ids) => this.stopped.wait(ids));
    if (outcome === 'no_job' || jobId === undefined) throw new FastlaneProblem(404, NOT_FOUND, 'retry_job');
    if (outcome === 'no_execution') throw new FastlaneProblem(400, 'No execution yet to retry.', 'retry_job');
    if (outcome === 'scheduled') throw new FastlaneProblem(400, "Can't retry a scheduled job.", 'retry_job');
    return this.action(request, taskId, jobId);
  }

  private action(request: Request, taskId: string, jobId: string): JobActionDto {
    const urls = Urls.of(request, this.settings);
    return { taskId, jobId, jobUrl: urls.job(taskId, jobId), taskUrl: urls.task(taskId) };
  }
}
