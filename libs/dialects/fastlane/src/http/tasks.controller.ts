import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, UseFilters } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Needs } from '@drover/http';
import { wordsOf } from '../core/name-words.js';
import { TaskQueries } from '../core/task-queries.js';
import { EnqueueDto } from './dto/enqueue.dto.js';
import { EnqueuedDto, TaskDto, TaskListDto } from './dto/task.dto.js';
import { Enqueuer } from './enqueuer.js';
import { FastlaneErrorsFilter } from './errors.filter.js';
import { SETTINGS, type FastlaneSettings } from './fastlane-settings.js';
import { pageOf } from './page.js';
import { FastlaneProblem } from './problem.js';
import { date } from './translate.js';
import { Urls } from './urls.js';

/** Tasks: names that group jobs. */
@ApiTags('fastlane')
@UseFilters(FastlaneErrorsFilter)
@Controller()
export class FastlaneTasksController {
  constructor(
    private readonly enqueuer: Enqueuer,
    private readonly queries: TaskQueries,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
  ) {}

  @Needs('read')
  @Get('tasks')
  @ApiOperation({ summary: 'Lists all tasks, a page at a time' })
  @ApiQuery({ name: 'page', required: false })
  async list(@Req() request: Request, @Query('page') page?: string): Promise<TaskListDto> {
    return this.page(request, page, 'get_tasks');
  }

  @Needs('read')
  @Get('search')
  @ApiOperation({ summary: 'Finds tasks by the words of their names' })
  @ApiQuery({ name: 'query' })
  @ApiQuery({ name: 'page', required: false })
  async search(
    @Req() request: Request,
    @Query('query') query?: string,
    @Query('page') page?: string,
  ): Promise<TaskListDto> {
    if (typeof query !== 'string' || query === '')
      throw new FastlaneProblem(400, 'The query param is required.', 'search_tasks');
    return this.page(request, page, 'search_tasks', query);
  }

  @Needs('read')
  @Get('tasks/:task')
  @ApiOperation({ summary: 'Lists the jobs of a task' })
  async show(@Req() request: Request, @Param('task') taskId: string): Promise<TaskDto> {
    const found = await this.queries.task(taskId);
    if (!found) throw new FastlaneProblem(404, 'Task not found.', 'get_task');
    const urls = Urls.of(request, this.settings);
    return {
      taskId,
      jobs: found.jobs.map((job) => ({
        id: job.job_id,
        createdAt: date(job.created_at),
        url: urls.job(taskId, job.job_id),
      })),
    };
  }

  @Needs('submit')
  @Post('tasks/:task')
  @HttpCode(200)
  @ApiOperation({ summary: 'Enqueues a job under a task, which is made if need be' })
  @ApiParam({ name: 'task' })
  @ApiBody({ type: EnqueueDto })
  async enqueue(@Req() request: Request, @Param('task') taskId: string): Promise<EnqueuedDto> {
    return this.enqueuer.enqueue(request, taskId);
  }

  private async page(
    request: Request,
    text: string | undefined,
    operation: string,
    query?: string,
  ): Promise<TaskListDto> {
    const page = pageOf(text);
    if (page === undefined)
      throw new FastlaneProblem(400, 'Tasks pagination page param should be a positive integer.', operation);
    const { perPage, taskDates } = this.settings;
    const { tasks, total } = await this.queries.list(page, perPage, query === undefined ? undefined : wordsOf(query));
    if (page > 1 && tasks.length === 0) throw new FastlaneProblem(404, 'Page not found.', operation);
    const urls = Urls.of(request, this.settings);
    const pages = Math.ceil(total / perPage);
    const time = (value: Date): number | string => (taskDates === 'iso' ? date(value) : value.getTime() / 1000);
    const urlOf = (other: number): string =>
      urls.page(query === undefined ? 'tasks' : 'search', { ...(query === undefined ? {} : { query }), page: other });
    return {
      items: tasks.map((task) => ({
        taskId: task.task_id,
        createdAt: time(task.created_at),
        lastModifiedAt: time(task.modified_at),
        jobsCount: task.jobs_count,
        url: urls.task(task.task_id),
      })),
      total,
      page,
      pages,
      perPage,
      hasNext: page < pages,
      hasPrev: page > 1,
      nextUrl: page < pages ? urlOf(page + 1) : null,
      prevUrl: page > 1 ? urlOf(page - 1) : null,
    };
  }
}
