import { Controller, Get, Param, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Needs, writeOut } from '@drover/http';
import { exitCodeOf } from '../core/status.js';
import { TaskQueries } from '../core/task-queries.js';
import type { TaskExecution } from '../record/task.rows.js';
import { FastlaneErrorsFilter } from './errors.filter.js';
import { normalUuid } from './payload.js';
import { FastlaneProblem } from './problem.js';

const SEPARATOR = Buffer.from('\n-=-\n');
const NEWLINE = 0x0a;

type Part = 'stdout' | 'stderr' | 'logs';

/** Output of executions, as bytes and whole. */
@ApiTags('fastlane')
@UseFilters(FastlaneErrorsFilter)
@ApiProduces('text/plain')
@Needs('read')
@Controller('tasks/:task/jobs/:job')
export class FastlaneLogsController {
  constructor(private readonly queries: TaskQueries) {}

  @Get('stdout')
  @ApiOperation({ summary: 'Standard output of the last execution' })
  async stdout(@Param('task') task: string, @Param('job') job: string, @Res() response: Response): Promise<void> {
    await this.send(response, 'stdout', await this.last(task, job));
  }

  @Get('stderr')
  @ApiOperation({ summary: 'Standard error of the last execution' })
  async stderr(@Param('task') task: string, @Param('job') job: string, @Res() response: Response): Promise<void> {
    await this.send(response, 'stderr', await this.last(task, job));
  }

  @Get('logs')
  @ApiOperation({ summary: 'Both of the last execution, with a separator between them' })
  async logs(@Param('task') task: string, @Param('job') job: string, @Res() response: Response): Promise<void> {
    await this.send(response, 'logs', await this.last(task, job));
  }

  @Get('executions/:execution/stdout')
  @ApiOperation({ summary: 'Standard output of an execution' })
  async executionStdout(
    @Param('task') task: string,
    @Param('job') job: string,
    @Param('execution') id: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(response, 'stdout', await this.one(task, job, id));
  }

  @Get('executions/:execution/stderr')
  @ApiOperation({ summary: 'Standard error of an execution' })
  async executionStderr(
    @Param('task') task: string,
    @Param('job') job: string,
    @Param('execution') id: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(response, 'stderr', await this.one(task, job, id));
  }

  @Get('executions/:execution/logs')
  @ApiOperation({ summary: 'Both of an execution, with a separator between them' })
  async executionLogs(
    @Param('task') task: string,
    @Param('job') job: string,
    @Param('execution') id: string,
    @Res() response: Response,
  ): Promise<void> {
    await this.send(response, 'logs', await this.one(task, job, id));
  }

  private async last(task: string, job: string): Promise<TaskExecution> {
    const jobId = await this.known(task, job);
    const execution = await this.queries.last(task, jobId);
    if (!execution) throw problem(400, `No executions found in job (${job}).`);
    return execution;
  }

  private async one(task: string, job: string, given: string): Promise<TaskExecution> {
    const jobId = await this.known(task, job);
    if (!(await this.queries.last(task, jobId))) throw problem(400, `No executions found in job (${job}).`);
    const id = normalUuid(given);
    const execution = id === undefined ? null : await this.queries.execution(task, jobId, id);
    if (!execution) throw problem(400, 'No executions found in job with specified arguments.');
    return execution;
  }

  private async known(task: string, given: string): Promise<string> {
    const jobId = normalUuid(given);
    if (jobId === undefined || !(await this.queries.job(task, jobId)))
      throw problem(404, `Task (${task}) or Job (${given}) not found.`);
    return jobId;
  }

  private async send(response: Response, part: Part, execution: TaskExecution): Promise<void> {
    const exitCode = exitCodeOf(execution);
    await writeOut(response, this.body(execution, part), () => {
      // Output is hostile text: never to be taken for a page.
      response.writeHead(200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        'Fastlane-Exit-Code': exitCode === null ? 'None' : String(exitCode),
      });
    });
  }

  private async *body(execution: TaskExecution, part: Part): AsyncGenerator<Buffer> {
    const over = this.queries.isOver(execution);
    if (!over) return;
    if (part !== 'stderr') yield* this.queries.bytes(execution, 'stdout');
    if (part === 'logs') yield SEPARATOR;
    if (part === 'stdout') return;
    let last = NEWLINE;
    for await (const bytes of this.queries.bytes(execution, 'stderr')) {
      last = bytes.at(-1) ?? last;
      yield bytes;
    }
    yield Buffer.from(this.queries.noteAfter(execution, last === NEWLINE));
  }
}

const problem = (status: number, text: string): FastlaneProblem =>
  new FastlaneProblem(status, text, 'retrieve_execution_details');
