import { Controller, Get, Inject, Param, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Needs, OpenStreams, SseStream, drained } from '@drover/http';
import { TaskQueries } from '../core/task-queries.js';
import type { TaskExecution } from '../record/task.rows.js';
import { FastlaneErrorsFilter } from './errors.filter.js';
import { SETTINGS, type FastlaneSettings } from './fastlane-settings.js';
import { normalUuid } from './payload.js';
import { FastlaneProblem } from './problem.js';
import { STREAM_PAGE_POLICY, streamPage } from './stream-page.js';
import { FastlaneStream } from './stream.js';
import { closeReason } from './websocket.js';

/** Following logs without a websocket of one's own: the page that opens one, or plain HTTP. */
@ApiTags('fastlane')
@UseFilters(FastlaneErrorsFilter)
@Needs('read')
@Controller('tasks/:task/jobs/:job')
export class FastlaneStreamController {
  constructor(
    private readonly queries: TaskQueries,
    private readonly streams: FastlaneStream,
    private readonly open: OpenStreams,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
  ) {}

  @Get('stream')
  @ApiOperation({
    summary: 'A page that follows the last execution; with Accept: text/plain or text/event-stream the log itself',
  })
  @ApiProduces('text/html', 'text/plain', 'text/event-stream')
  async job(
    @Req() request: Request,
    @Res() response: Response,
    @Param('task') task: string,
    @Param('job') given: string,
  ): Promise<void> {
    await this.send(request, response, async (jobId) => this.queries.last(task, jobId), task, given);
  }

  @Get('executions/:execution/stream')
  @ApiOperation({ summary: 'The same of one execution' })
  @ApiProduces('text/html', 'text/plain', 'text/event-stream')
  async execution(
    @Req() request: Request,
    @Res() response: Response,
    @Param('task') task: string,
    @Param('job') given: string,
    @Param('execution') id: string,
  ): Promise<void> {
    const known = normalUuid(id);
    await this.send(
      request,
      response,
      async (jobId) => (known === undefined ? null : this.queries.execution(task, jobId, known)),
      task,
      given,
    );
  }

  private async send(
    request: Request,
    response: Response,
    find: (jobId: string) => Promise<TaskExecution | null>,
    task: string,
    given: string,
  ): Promise<void> {
    const kind = request.accepts(['text/html', 'text/event-stream', 'text/plain']);
    response.vary('Accept');
    if (kind !== 'text/plain' && kind !== 'text/event-stream') {
      response.setHeader('Content-Security-Policy', STREAM_PAGE_POLICY);
      const asked = normalUuid(given);
      const known = asked === undefined ? null : await this.queries.job(task, asked);
      response.type('html').send(streamPage(request.path, closeReason('done', this.settings), known?.enqueued_id));
      return;
    }
    const jobId = normalUuid(given);
    const problem = (status: number, text: string): FastlaneProblem => new FastlaneProblem(status, text, 'stream_job');
    if (jobId === undefined || !(await this.queries.job(task, jobId)))
      throw problem(404, `Task (${task}) or Job (${given}) not found.`);
    const execution = await find(jobId);
    if (!execution) throw problem(400, `No executions found in job (${given}).`);
    await (kind === 'text/plain' ? this.plain(response, execution) : this.events(response, execution));
  }

  private async plain(response: Response, execution: TaskExecution): Promise<void> {
    const gone = new AbortController();
    const stream = { end: (): void => gone.abort() };
    this.open.add(stream);
    response.once('close', () => gone.abort());
    response.writeHead(200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    try {
      const end = await this.streams.follow(execution, gone.signal, async (bytes) => {
        if (!response.write(bytes)) await drained(response);
      });
      // Cut, not ended: what was sent is not the whole.
      if (end === 'done') response.end();
      else response.destroy();
    } catch (error) {
      if (!response.destroyed) response.destroy(error as Error);
    } finally {
      this.open.delete(stream);
    }
  }

  private async events(response: Response, execution: TaskExecution): Promise<void> {
    const sse = new SseStream(response, this.open);
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const end = await this.streams.follow(execution, sse.signal, (bytes, stream) =>
      sse.send({ event: stream, data: decoders[stream].decode(bytes, { stream: true }) }),
    );
    if (end === 'gone') return;
    await sse.send({ event: 'close', data: { reason: end } });
    sse.end();
  }
}
