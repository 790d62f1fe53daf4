import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { QueueReservationsService } from '@drover/access';
import { Needs, ApiProblems, Valid, ValidOrAbsent } from '@drover/http';
import { ControlService, QueryService } from '@drover/jobs';
import { PauseQueueDto, QueueDto, QueueListDto, QueueProjectsDto } from './dto/views.dto.js';
import { fromQueue } from './translate.js';

@ApiTags('queues')
@Controller('api/v1/queues')
export class QueuesController {
  constructor(
    private readonly query: QueryService,
    private readonly control: ControlService,
    private readonly reservations: QueueReservationsService,
  ) {}

  /**
   * Lists the queues that a job, an agent or a setting names
   *
   * With their live counts, whether they are paused and by whom.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: QueueListDto, description: 'All queues' })
  @ApiProblems()
  async list(): Promise<QueueListDto> {
    const [queues, reserved] = await Promise.all([this.query.queues(), this.reservations.all()]);
    return { queues: queues.map((queue) => fromQueue(queue, reserved.get(queue.name))) };
  }

  /**
   * Shows a queue
   *
   * A queue exists as soon as anything names it; a name that nothing has used is 404.
   */
  @Needs('read')
  @Get(':name')
  @ApiOkResponse({ type: QueueDto, description: 'The queue' })
  @ApiProblems(404)
  async get(@Param('name') name: string): Promise<QueueDto> {
    return this.view(name);
  }

  /**
   * Pauses a queue
   *
   * Nothing of it starts until it is resumed; what runs goes on. The reason is shown with the queue.
   */
  @Needs('operate')
  @Post(':name/pause')
  @HttpCode(200)
  @ApiBody({ type: PauseQueueDto, required: false })
  @ApiOkResponse({ type: QueueDto, description: 'The queue, paused' })
  @ApiProblems(400, 404, 415, 422)
  async pause(@Param('name') name: string, @Body(ValidOrAbsent) body: PauseQueueDto): Promise<QueueDto> {
    // Only a queue somebody has named: else every typing error would become one.
    await this.query.queue(name);
    await this.control.pause(name, body.reason ?? null);
    return this.view(name);
  }

  /**
   * Resumes a paused queue
   *
   * Waiting jobs are dispatched at once. A queue that is not paused stays as it is.
   */
  @Needs('operate')
  @Post(':name/resume')
  @HttpCode(200)
  @ApiOkResponse({ type: QueueDto, description: 'The queue, not paused' })
  @ApiProblems(404)
  async resume(@Param('name') name: string): Promise<QueueDto> {
    await this.query.queue(name);
    await this.control.resume(name);
    return this.view(name);
  }

  /**
   * Reserves a queue for projects, or opens it again
   *
   * Clients of other projects can no longer submit to it. What waits in it already stays. An HTTP-pull agent serves it
   * only as a member of one of these projects, or where the queue is among its allowed queues.
   */
  @Needs('operate')
  @Put(':name/projects')
  @ApiOkResponse({ type: QueueDto, description: 'The queue' })
  @ApiProblems(404, 422)
  async reserve(@Param('name') name: string, @Body(Valid) body: QueueProjectsDto): Promise<QueueDto> {
    await this.query.queue(name);
    await this.reservations.set(name, [...new Set(body.projects)].sort());
    return this.view(name);
  }

  private async view(name: string): Promise<QueueDto> {
    return fromQueue(await this.query.queue(name), await this.reservations.of(name));
  }
}
