import {
  Body,
  Controller,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { isDroverError } from '@drover/domain';
import { loginOf, DialectGuards } from '@drover/http';
import type { GuardedFetch } from '@drover/outbound';
import { testflingerSettings } from '../../config.js';
import { LabJobs } from '../../core/jobs.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents } from '../access/roles.decorator.js';
import { agentNameOf } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { checkRef, text } from '../lab-answers.js';
import { LabError } from '../lab-error.js';
import { EVENTS, type EventsBody } from '../schema/body-schemas.js';

export const WEBHOOKS = Symbol('testflinger webhooks');
/** An agent waits for the answer, and retries: short. */
const TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Job events, passed on to the webhook of whoever submitted the job. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/job/:job_id/events')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class LabEventsController {
  constructor(
    @Inject(WEBHOOKS) private readonly send: GuardedFetch,
    private readonly jobs: LabJobs,
    private readonly admission: Admission,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(200)
  @Agents()
  @ApiOperation({
    summary: 'Pass events on',
    description:
      "PUTs the body, without `job_status_webhook`, to that URL and answers with the webhook's status and text.",
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['job_status_webhook'],
      example: {
        agent_id: 'agent-00',
        job_queue: 'myqueue',
        job_status_webhook: 'http://mywebhook',
        events: [{ event_name: 'job_start', timestamp: '2026-01-01T00:00:00.541130+00:00', detail: '' }],
      },
    },
  })
  @ApiResponse({
    status: 200,
    description: 'The status and the text are those of the webhook',
    content: { 'text/plain': { example: 'OK' } },
  })
  @ApiResponse({ status: 403, description: 'This URL is not allowed' })
  @ApiResponse({ status: 504, description: 'The webhook did not answer within 3 s' })
  async post(
    @Param('job_id') ref: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    checkRef(ref);
    const checked = EVENTS(body);
    if (!checked.ok) throw new LabError(400, 'Bad Request', { detail: { json: checked.faults } });
    const { job_status_webhook: url, ...events } = checked.value as EventsBody;
    const job = await this.jobs.ofAgent(ref, agentNameOf(request));
    if (job) this.admission.checkServes(loginOf(request).principal, job.queue);
    this.checkOrigin(url);
    try {
      const answer = await this.send(url, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(events),
        timeoutMs: TIMEOUT_MS,
        maxBodyBytes: MAX_ANSWER_BYTES,
      });
      response.setHeader('X-Content-Type-Options', 'nosniff');
      text(response, answer.body, answer.status);
    } catch (error) {
      if (isDroverError(error, 'timeout')) throw new LabError(504, 'Webhook Timeout');
      if (isDroverError(error, 'unavailable')) throw new LabError(502, 'Webhook unreachable');
      throw error;
    }
  }

  /**
   * Refuses an address that an operator has not named. Without logins and names, the networks that webhooks may reach
   * count.
   */
  private checkOrigin(url: string): void {
    const { webhookOrigins } = settingsOf(this.config, testflingerSettings);
    if (webhookOrigins.length === 0 ? this.config.auth === 'none' : webhookOrigins.includes(new URL(url).origin))
      return;
    throw new LabError(403, `Events may not be sent to ${new URL(url).origin}`);
  }
}
