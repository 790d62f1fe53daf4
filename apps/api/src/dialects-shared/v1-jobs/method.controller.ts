import { All, Controller, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DialectGuards } from '../../access/marks.js';
import { V1ErrorsFilter } from './errors.filter.js';
import { Refusal } from './refusal.js';

/** Known paths with a method nobody serves. Must be the last of the controllers. */
@ApiExcludeController()
@DialectGuards()
@Controller('v1')
@UseFilters(V1ErrorsFilter)
export class MethodController {
  @All([
    'health', 'nodes', 'token', 'login/access-token', 'service/stop', 'events/job-started', 'events/job-finished', 'jobs', 'jobs/search', 'jobs/submit', 'jobs/:id',
    'jobs/:id/metrics', 'jobs/:id/audit', 'jobs/:id/cancel', 'jobs/:id/output', 'jobs/:id/output/stream',
  ])
  refuse(): never {
    throw new Refusal(405, { detail: 'Method Not Allowed', error: 'invalid_request', message: 'Method Not Allowed' });
  }
}
