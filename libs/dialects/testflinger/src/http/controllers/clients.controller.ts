import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  inTheWay,
  labName,
  roleOf,
  type Client,
  type ClientChange,
  type RestrictedQueue,
  ClientsService,
  RestrictedQueuesService,
} from '@drover/access';
import { type Config, CONFIG, settingsOf } from '@drover/config';
import { DEFAULT_PROJECT, isDroverError } from '@drover/domain';
import { loginOf, DialectGuards } from '@drover/http';
import { testflingerSettings } from '../../config.js';
import { LabAgents } from '../../core/agents.js';
import { LabQueues } from '../../core/queues.js';
import { LabGuard } from '../access/lab.guard.js';
import { Admins, Managers, Readers } from '../access/roles.decorator.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { nameable, text } from '../lab-answers.js';
import { LabError, validationError } from '../lab-error.js';
import { CLIENT_PERMISSIONS, fit, QUEUE_OWNER } from '../schema/body-schemas.js';

/** Upstream's first client, which nobody may change over the wire. */
const BUILT_IN = 'testflinger-admin';
/** The text is upstream's, because its command line prints it. */
const NO_CLIENT = 'Error: Specified client_id does not exist.';
const NO_RESTRICTED_QUEUE = 'Error: Restricted queue not found.';
const CLIENT_EXAMPLE = {
  client_id: 'ci',
  role: 'contributor',
  max_priority: { '*': 100 },
  allowed_queues: ['secret-lab'],
  max_reservation_time: { '*': 86_400 },
};

/** The permissions of clients. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class ClientsController {
  constructor(
    private readonly clients: ClientsService,
    private readonly restricted: RestrictedQueuesService,
    private readonly agents: LabAgents,
    private readonly queues: LabQueues,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('client-permissions')
  @Managers()
  @ApiOperation({ summary: 'All clients' })
  @ApiResponse({ status: 200, schema: { example: [CLIENT_EXAMPLE] } })
  async list(): Promise<Record<string, unknown>[]> {
    return (await this.clients.list()).map(clientView);
  }

  @Get('client-permissions/:id')
  @Managers()
  @ApiOperation({ summary: 'One client' })
  @ApiResponse({ status: 200, schema: { example: CLIENT_EXAMPLE } })
  @ApiResponse({ status: 404, description: 'No such client' })
  async get(@Param('id') id: string): Promise<Record<string, unknown>> {
    const client = await this.clients.get(id);
    if (!client) throw new LabError(404, NO_CLIENT);
    return clientView(client);
  }

  @Put('client-permissions/:id')
  @Managers()
  @ApiOperation({
    summary: 'Make a client, or change what is named',
    description:
      'A new one needs a `client_secret` of at least 15 characters. Nobody can make or change a client above themselves. `project` is the project it is a member of (default `default`). The name of a revoked client is refused (409): objects know their owner by name. With `take_over` an admin gives it, with all that the old client owned, to the new one.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      example: { client_secret: 'correct horse battery', role: 'contributor', max_priority: { '*': 100 } },
    },
  })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: "Created permissions for client 'ci'" } } })
  async put(
    @Param('id') id: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    if (id === BUILT_IN) throw validationError({ client_id: [`${BUILT_IN} cannot be changed.`] });
    const {
      client_secret,
      role: wanted,
      client_id: _,
      take_over = false,
      ...rest
    } = fit<Record<string, unknown>>(CLIENT_PERMISSIONS, body);
    const role = wanted === undefined ? undefined : (roleOf(wanted) ?? undefined);
    const change = {
      ...rest,
      ...(role ? { role } : {}),
      ...(client_secret === undefined ? {} : { key: client_secret }),
    } as ClientChange;
    const { client_id = '', role: rank = 'viewer' as const } = loginOf(request).principal.permissions ?? {};
    // The objects of the old client may be beyond the editor's rank: admins alone give them away.
    if (take_over === true && rank !== 'admin')
      throw new LabError(403, `${client_id} has insufficient permissions to take over the name '${id}'`);
    const { created } = await inUpstreamsShape(
      this.clients.put(id, change, {
        takeOver: take_over === true || (rank === 'admin' && settingsOf(this.config, testflingerSettings).reuseClients),
        check: (before) => {
          const edit = { id, before: before?.role ?? null, after: role ?? before?.role ?? 'submitter' };
          const above = inTheWay({ client_id, role: rank }, edit, { equals: this.config.access.editEquals });
          if (above !== null) {
            const what =
              above === before?.role ? `modify client '${id}'` : `assign role '${labName(above)}' to client '${id}'`;
            throw new LabError(403, `${client_id} has insufficient permissions to ${what}`);
          }
          if (!before && client_secret === undefined)
            throw new LabError(400, 'Error: Missing client_secret in request body for new client');
        },
      }),
    );
    text(response, `${created ? 'Created' : 'Updated'} permissions for client '${id}'`);
  }

  @Delete('client-permissions/:id')
  @HttpCode(200)
  @Admins()
  @ApiOperation({
    summary: 'Revoke a client',
    description:
      'Its tokens are refused from then on; its secrets are deleted, its schedules and waiting jobs are cancelled. What runs finishes; with `end_jobs=true` it is cancelled as well.',
  })
  @ApiQuery({ name: 'end_jobs', required: false, schema: { type: 'boolean' }, example: true })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async remove(@Param('id') id: string, @Query('end_jobs') endJobs: unknown, @Res() response: Response): Promise<void> {
    if (id === BUILT_IN) throw validationError({ client_id: [`${BUILT_IN} cannot be removed.`] });
    await inUpstreamsWords(NO_CLIENT, this.clients.revoke(id, { endJobs: endJobs === 'true' || endJobs === '1' }));
    text(response, 'OK');
  }

  @Get('restricted-queues')
  @Readers()
  @ApiOperation({ summary: 'Queues only some clients may submit to' })
  @ApiResponse({ status: 200, schema: { example: [{ queue: 'secret-lab', owners: ['ci'] }] } })
  async listRestricted(): Promise<RestrictedQueue[]> {
    return this.restricted.list();
  }

  @Get('restricted-queues/:queue')
  @Readers()
  @ApiOperation({ summary: 'One restricted queue' })
  @ApiResponse({ status: 200, schema: { example: { queue: 'secret-lab', owners: ['ci'] } } })
  async getRestricted(@Param('queue') queue: string): Promise<RestrictedQueue> {
    const [found] = nameable(queue) ? await this.restricted.list([queue]) : [];
    if (!found) throw new LabError(404, NO_RESTRICTED_QUEUE);
    return found;
  }

  @Post('restricted-queues/:queue')
  @HttpCode(200)
  @Managers()
  @ApiOperation({ summary: 'Restrict a queue and let a client in' })
  @ApiBody({ schema: { type: 'object', required: ['client_id'], example: { client_id: 'ci' } } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async restrict(@Param('queue') queue: string, @Body() body: unknown, @Res() response: Response): Promise<void> {
    const { client_id } = fit<{ client_id: string }>(QUEUE_OWNER, body);
    if (client_id === '') throw new LabError(400, 'Error: Missing client ID.');
    if (!nameable(client_id)) throw new LabError(404, NO_CLIENT);
    if (!nameable(queue) || !(await this.isServed(queue)))
      throw new LabError(404, 'Error: No agent is associated with the specified queue.');
    await inUpstreamsWords(NO_CLIENT, this.restricted.add(queue, client_id));
    text(response, 'OK');
  }

  @Delete('restricted-queues/:queue')
  @HttpCode(200)
  @Managers()
  @ApiOperation({ summary: 'Lift the restriction, for everybody' })
  @ApiBody({ schema: { type: 'object', required: ['client_id'], example: { client_id: 'ci' } } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async lift(@Param('queue') queue: string, @Body() body: unknown, @Res() response: Response): Promise<void> {
    const { client_id } = fit<{ client_id: string }>(QUEUE_OWNER, body);
    if (client_id === '') throw new LabError(400, 'Error: Missing client ID.');
    if (!nameable(queue) || !nameable(client_id)) throw new LabError(404, NO_RESTRICTED_QUEUE);
    await inUpstreamsWords(NO_RESTRICTED_QUEUE, this.restricted.remove(queue, client_id));
    text(response, 'OK');
  }

  private async isServed(queue: string): Promise<boolean> {
    return (await this.agents.ofQueue(queue)).length > 0 || (await this.queues.isAdvertised(queue));
  }
}

/** A name that may not be given away is a refusal that upstream's command line prints. */
async function inUpstreamsShape<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw isDroverError(error, 'conflict') ? new LabError(409, `Error: ${error.message}`) : error;
  });
}

/** Says in upstream's words that a client is not there. */
async function inUpstreamsWords<T>(words: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw isDroverError(error, 'not_found') ? new LabError(404, words) : error;
  });
}

function clientView({
  client_id,
  role,
  project,
  max_priority,
  allowed_queues,
  max_reservation_time,
  email,
}: Client): Record<string, unknown> {
  return {
    client_id,
    role: labName(role),
    max_priority,
    allowed_queues,
    max_reservation_time,
    ...(project === DEFAULT_PROJECT ? {} : { project }),
    ...(email === undefined ? {} : { email }),
  };
}
