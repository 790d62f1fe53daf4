import { Controller, Get, HttpCode, Inject, Param, Post, Req, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Needs } from '@drover/http';
import { TaskQueries } from '../core/task-queries.js';
import { TasksService } from '../core/tasks.service.js';
import { ExecutionDetailsDto, StoppedExecutionDto } from './dto/job.dto.js';
import { FastlaneErrorsFilter } from './errors.filter.js';
import { SETTINGS, type FastlaneSettings } from './fastlane-settings.js';
import { normalUuid } from './payload.js';
import { FastlaneProblem } from './problem.js';
import { Stopped } from './stopped.js';
import { fromExecution, taskLink } from './translate.js';
import { Urls } from './urls.js';

/** Runs of a job. */
@ApiTags('fastlane')
@UseFilters(FastlaneErrorsFilter)
@Controller('tasks/:task/jobs/:job/executions/:execution')
export class FastlaneExecutionsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly queries: TaskQueries,
    private readonly stopped: Stopped,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
  ) {}

  @Needs('read')
  @Get()
  @ApiOperation({ summary: 'Shows an execution' })
  async show(
    @Req() request: Request,
    @Param('task') taskId: string,
    @Param('job') givenJob: string,
    @Param('execution') givenExecution: string,
  ): Promise<ExecutionDetailsDto> {
    const problem = (text: string): FastlaneProblem => new FastlaneProblem(404, text, 'get_job_execution');
    const jobId = normalUuid(givenJob);
    const job = jobId === undefined ? null : await this.queries.job(taskId, jobId);
    if (jobId === undefined || !job) throw problem(`Task (${taskId}) or Job (${givenJob}) not found.`);
    const id = normalUuid(givenExecution);
    const execution = id === undefined ? null : await this.queries.execution(taskId, jobId, id);
    if (!execution) throw problem(`Job Execution (${givenExecution}) not found in job (${givenJob}).`);
    const urls = Urls.of(request, this.settings);
    const [log, tries] = await Promise.all([this.queries.logOf(execution), this.queries.tries([execution.id], job)]);
    return {
      execution: fromExecution(execution, log, tries.get(execution.id)),
      job: { id: jobId, url: urls.job(taskId, jobId) },
      task: taskLink(urls, taskId),
    };
  }

  @Needs('submit')
  @Post('stop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops an execution and the automatic retries; a schedule goes on' })
  async stop(
    @Req() request: Request,
    @Param('task') taskId: string,
    @Param('job') givenJob: string,
    @Param('execution') givenExecution: string,
  ): Promise<StoppedExecutionDto> {
    const problem = (text: string): FastlaneProblem => new FastlaneProblem(404, text, 'stop_job_execution');
    const [jobId, id] = [normalUuid(givenJob), normalUuid(givenExecution)];
    // A well-formed id of nobody, so that the job is looked for all the same.
    const outcome =
      jobId === undefined
        ? 'no_job'
        : await this.tasks.stopExecution(taskId, jobId, id ?? '00000000-0000-0000-0000-000000000000');
    if (outcome === 'no_job' || jobId === undefined) throw problem(`Task (${taskId}) or Job (${givenJob}) not found.`);
    if (outcome === 'no_execution' || id === undefined)
      throw problem(`Job Execution (${givenExecution}) not found in Job (${givenJob}).`);
    await this.stopped.wait(outcome.stopped);
    const urls = Urls.of(request, this.settings);
    return {
      execution: { id, url: urls.executionSlash(taskId, jobId, id) },
      job: { id: jobId, url: urls.jobSlash(taskId, jobId) },
      task: { id: taskId, url: urls.taskSlash(taskId) },
    };
  }
}
