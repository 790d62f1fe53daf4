import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  readJson,
  V1ErrorsFilter,
  V1Guard,
  V1JobsService,
  V1SuperuserGuard,
  type V1Request,
  type Values,
} from '@drover/dialects/v1-jobs';
import { DialectGuards, OpenStreams, sendRows, inBuffers, writeOut } from '@drover/http';
import { LOGGER, type Logger } from '@drover/telemetry';
import { decimalId } from './flux-id.js';
import { FluxJobsService } from './flux-jobs.service.js';
import { NodeList } from './node-list.js';
import { OutputService } from './output.service.js';
import { search } from './search.js';
import { ServiceStop } from './service-stop.js';

const NOTHING_YET = { Message: 'The output does not exist yet, or the jobid is incorrect.' };

@ApiTags('Flux RESTful')
@Controller('v1')
@UseGuards(V1Guard)
@UseFilters(V1ErrorsFilter)
export class FluxController {
  constructor(
    private readonly streams: OpenStreams,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly jobs: V1JobsService,
    private readonly flux: FluxJobsService,
    private readonly nodeList: NodeList,
    private readonly outputs: OutputService,
    private readonly service: ServiceStop,
  ) {}

  @DialectGuards('read')
  @Get('nodes')
  @ApiOperation({ summary: 'Names of the workers that are up' })
  async nodes(): Promise<{ nodes: string[] }> {
    return { nodes: (await this.nodeList.up()).map((agent) => agent.name) };
  }

  @DialectGuards('admin')
  @Post('service/stop')
  @HttpCode(200)
  @UseGuards(V1SuperuserGuard)
  @ApiOperation({ summary: 'Ends a stack started by `npm start`; superuser only' })
  stop(@Req() request: V1Request, @Res() response: Response): void {
    this.service.stop(request.v1User.name);
    // A body, and JSON: the client reads it as such.
    response.type('application/json').send('null');
  }

  @DialectGuards('read')
  @Get('jobs/search')
  @ApiOperation({ summary: 'Jobs for jQuery DataTables' })
  async search(@Req() request: V1Request, @Query() query: Values, @Res() response: Response): Promise<void> {
    const body = await readJson(request);
    const { data, ...numbers } = await search(this.jobs, {
      ...(body && typeof body === 'object' ? (body as Values) : {}),
      ...query,
    });
    await sendRows(response, '{"data":[', data, (job) => JSON.stringify(job), `],${JSON.stringify(numbers).slice(1)}`);
  }

  @DialectGuards('submit')
  @Post('jobs/submit')
  @HttpCode(200)
  @ApiOperation({ summary: 'A command, by query string or JSON' })
  async submit(@Req() request: V1Request, @Query() query: Values): Promise<Record<string, unknown>> {
    return this.flux.submit(query, await readJson(request), request.v1User);
  }

  @DialectGuards('submit')
  @Post('jobs/:uid/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks a job to end' })
  async cancel(@Param('uid') uid: string): Promise<Record<string, unknown>> {
    return this.flux.cancel(uid);
  }

  @DialectGuards('read')
  @Get('jobs/:uid/output')
  @ApiOperation({ summary: 'Lines of output so far' })
  async output(@Param('uid') uid: string, @Res() response: Response): Promise<void> {
    const job = await this.jobs.lookUp(decimalId(uid));
    const lines = job ? this.outputs.lines(job) : null;
    const first = await lines?.next();
    if (!lines || !first || first.done) {
      response.json(NOTHING_YET);
      return;
    }
    // Written as it is read: a log may be larger than our memory.
    response.type('application/json');
    await writeOut(response, inBuffers(this.told(uid, outputText(first.value, lines))), () => undefined);
  }

  @DialectGuards('read')
  @Get('jobs/:uid/output/stream')
  @ApiOperation({ summary: 'Output from its first byte until the job ends' })
  async stream(@Param('uid') uid: string, @Res() response: Response): Promise<void> {
    response.type('text/plain; charset=utf-8').setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    const job = await this.jobs.lookUp(decimalId(uid));
    if (!job) {
      response.end();
      return;
    }
    const over = new AbortController();
    const done = (): void => over.abort();
    response.once('close', done);
    this.streams.add(response);
    try {
      await writeOut(response, this.told(uid, this.outputs.follow(job, over.signal)), () => undefined);
    } finally {
      response.off('close', done);
      this.streams.delete(response);
    }
  }

  /** The status is sent by then: a source that fails cuts the answer, which our log tells. */
  private async *told<T>(uid: string, source: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      yield* source;
    } catch (error) {
      this.log.warn({ error: String(error), uid }, 'an output could not be read to its end');
      throw error;
    }
  }
}

/** The answer's JSON, piece by piece. */
async function* outputText(first: string[], others: AsyncGenerator<string[]>): AsyncGenerator<string> {
  const text = (lines: string[]): string => lines.map((line) => JSON.stringify(line)).join(',');
  yield `{"Output":[${text(first)}`;
  for await (const lines of others) yield `,${text(lines)}`;
  yield ']}';
}
