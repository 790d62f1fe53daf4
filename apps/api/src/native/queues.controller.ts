import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ControlService, QueryService } from '@drover/jobs';
import { ApiProblems } from '../http/api-problems.js';
import { QueueDto, QueueListDto } from './dto/views.dto.js';
import { fromQueue } from './translate.js';

@ApiTags('queues')
@Controller('api/v1/queues')
export class QueuesController {
  constructor(
    @Inject(QueryService) private readonly query: QueryService,
    @Inject(ControlService) private readonly control: ControlService,
  ) {}

  /** Lists the queues that a job, an agent or a setting names */
  @Get()
  @ApiOkResponse({ type: QueueListDto, description: 'All queues' })
  @ApiProblems()
  async list(): Promise<QueueListDto> {
    return { queues: (await this.query.queues()).map(fromQueue) };
  }

  /** Shows a queue */
  @Get(':name')
  @ApiOkResponse({ type: QueueDto, description: 'The queue' })
  @ApiProblems(404)
  async get(@Param('name') name: string): Promise<QueueDto> {
    return fromQueue(await this.query.queue(name));
  }

  /**
   * Pauses a queue
   *
   * Nothing of it starts until it is resumed; what runs goes on.
   */
  @Post(':name/pause')
  @HttpCode(200)
  @ApiOkResponse({ type: QueueDto, description: 'The queue, paused' })
  @ApiProblems(404)
  async pause(@Param('name') name: string): Promise<QueueDto> {
    // Only a queue somebody has named: else every typing error would become one.
    await this.query.queue(name);
    await this.control.pause(name);
    return fromQueue(await this.query.queue(name));
  }

  /** Resumes a paused queue */
  @Post(':name/resume')
  @HttpCode(200)
  @ApiOkResponse({ type: QueueDto, description: 'The queue, not paused' })
  @ApiProblems(404)
  async resume(@Param('name') name: string): Promise<QueueDto> {
    await this.query.queue(name);
    await this.control.resume(name);
    return fromQueue(await this.query.queue(name));
  }
}
