import { All, Controller, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DialectGuards } from '@drover/http';
import { LabGuard } from '../access/lab.guard.js';
import { Everybody } from '../access/roles.decorator.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { LabError } from '../lab-error.js';

/** Every path of this dialect, after its routes: what gets here came with a verb that none of them has. */
const PATHS = [
  'job',
  'job/search',
  'job/:job_id',
  'job/:job_id/position',
  'job/:job_id/action',
  'job/:job_id/attachments',
  'job/:job_id/events',
  'result/:job_id',
  'result/:job_id/artifact',
  'result/:job_id/output',
  'result/:job_id/serial_output',
  'result/:job_id/log/output',
  'result/:job_id/log/serial',
  'agents/data',
  'agents/data/:name',
  'agents/queues',
  'agents/images',
  'agents/images/:queue',
  'agents/provision_logs/:name',
  'queues/wait_times',
  'queues/:queue/agents',
  'queues/:queue/jobs',
  'oauth2/token',
  'oauth2/refresh',
  'oauth2/revoke',
  'client-permissions',
  'client-permissions/:id',
  'restricted-queues',
  'restricted-queues/:queue',
  'secrets/:client_id/*path',
];

@ApiExcludeController()
@DialectGuards()
@Controller('v1')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
export class MethodNotAllowedController {
  @All(PATHS)
  @Everybody()
  refuse(@Req() request: Request, @Res() response: Response): void {
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new LabError(405, 'Method Not Allowed');
  }
}
