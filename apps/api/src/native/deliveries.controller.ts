import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { currentCaller } from '@drover/access';
import { originOnly } from '@drover/domain';
import { Needs, ApiProblems } from '@drover/http';
import { ownedJob, QueryService } from '@drover/jobs';
import { NotificationsService, type Delivery, type DeliveryTry } from '@drover/notifications';
import { DeliveryListDto, type DeliveryDto } from './dto/delivery.dto.js';
import { JobId } from './job-id.pipe.js';

@ApiTags('jobs')
@Needs('read')
@Controller('api/v1/jobs/:id/deliveries')
export class DeliveriesController {
  constructor(
    private readonly query: QueryService,
    private readonly notifications: NotificationsService,
  ) {}

  /**
   * Lists the webhooks and mails about a job, with every try
   *
   * Kept for 30 days after they are done. Whoever does not own the job sees only the origin of a webhook's URL.
   */
  @Get()
  @ApiOkResponse({ type: DeliveryListDto, description: 'The deliveries' })
  @ApiProblems(404)
  async list(@Param('id', JobId) id: string): Promise<DeliveryListDto> {
    const job = await this.query.get(id);
    const isOpen = currentCaller()?.mayReadSecrets(ownedJob(job)) ?? true;
    const deliveries = (await this.notifications.ofJob(id)).map(fromDelivery);
    return { deliveries: isOpen ? deliveries : deliveries.map((one) => ({ ...one, target: originOnly(one.target) })) };
  }
}

function fromDelivery(row: Delivery & { log: DeliveryTry[] }): DeliveryDto {
  const { id, kind, event, target, state, tries, max_tries, created_at, due_at, done_at, log } = row;
  return {
    id,
    kind,
    event,
    target,
    state,
    tries,
    max_tries,
    created_at: created_at.toISOString(),
    next_at: state === 'pending' ? due_at.toISOString() : null,
    done_at: done_at?.toISOString() ?? null,
    log: log.map(({ at, ...one }) => ({ at: at.toISOString(), ...one })),
  };
}
