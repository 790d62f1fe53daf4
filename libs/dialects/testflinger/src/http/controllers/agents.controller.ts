import {
  Body,
  Controller,
  Get,
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
import { RestrictedQueuesService } from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { loginOf, DialectGuards } from '@drover/http';
import { LabAgents } from '../../core/agents.js';
import { LabQueues } from '../../core/queues.js';
import { Admission } from '../access/admission.js';
import { LabGuard } from '../access/lab.guard.js';
import { Agents, AgentsAndManagers, Readers, ReadersAndAgents } from '../access/roles.decorator.js';
import { agentView } from '../agent-view.js';
import { rememberAgent } from '../cookies.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { nameable, text } from '../lab-answers.js';
import { LabError, validationError } from '../lab-error.js';
import { AGENT_DATA, fit, IMAGES, PROVISION_LOG, QUEUES, type ProvisionLogBody } from '../schema/body-schemas.js';

const AGENT_EXAMPLE = {
  name: 'agent-00',
  updated_at: '2026-01-01T00:00:00Z',
  state: 'waiting',
  queues: ['myqueue'],
  location: 'lab 1',
  provision_type: 'maas',
  restricted_to: {},
};

/** Lab agents: what they say of themselves, the queues and images they offer. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/agents')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class LabAgentsController {
  constructor(
    private readonly agents: LabAgents,
    private readonly queues: LabQueues,
    private readonly restricted: RestrictedQueuesService,
    private readonly admission: Admission,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('queues')
  @Readers()
  @ApiOperation({ summary: 'Well-known queues with their descriptions' })
  @ApiResponse({ status: 200, schema: { example: { myqueue: 'queue 1', myqueue2: 'queue 2' } } })
  async listQueues(): Promise<Record<string, string>> {
    return this.queues.advertised();
  }

  @Post('queues')
  @HttpCode(200)
  @AgentsAndManagers()
  @ApiOperation({ summary: 'Advertise queues' })
  @ApiBody({ schema: { type: 'object', example: { myqueue: 'queue 1', myqueue2: 'queue 2' } } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async postQueues(@Req() request: Request, @Body() body: unknown, @Res() response: Response): Promise<void> {
    const queues = fit<Record<string, string>>(QUEUES, body);
    checkNames(Object.keys(queues));
    checkNames(Object.values(queues).filter((description) => description !== ''));
    await this.admission.checkOffers(loginOf(request).principal, Object.keys(queues));
    await this.queues.advertise(queues);
    text(response, 'OK');
  }

  @Get('images/:queue')
  @Readers()
  @ApiOperation({ summary: 'Images of a queue' })
  @ApiResponse({ status: 200, schema: { example: { image1: 'url: http://place/image1' } } })
  async listImages(@Param('queue') queue: string): Promise<Record<string, string>> {
    return nameable(queue) ? this.queues.images(queue) : {};
  }

  @Post('images')
  @HttpCode(200)
  @AgentsAndManagers()
  @ApiOperation({ summary: 'Replace the images of queues' })
  @ApiBody({ schema: { type: 'object', example: { myqueue: { image1: 'url: http://place/image1' } } } })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async postImages(@Req() request: Request, @Body() body: unknown, @Res() response: Response): Promise<void> {
    const images = fit<Record<string, Record<string, string>>>(IMAGES, body);
    checkNames(Object.keys(images));
    for (const of of Object.values(images))
      checkNames(
        Object.entries(of)
          .flat()
          .filter((one) => one !== ''),
      );
    await this.admission.checkOffers(loginOf(request).principal, Object.keys(images));
    await this.queues.setImages(images);
    text(response, 'OK');
  }

  @Get('data')
  @Readers()
  @ApiOperation({ summary: 'All agents' })
  @ApiResponse({ status: 200, schema: { example: [AGENT_EXAMPLE] } })
  async list(): Promise<Record<string, unknown>[]> {
    const agents = await this.agents.list();
    const restricted = await this.restricted.list();
    return agents.map((agent) => agentView(agent, restricted));
  }

  @Get('data/:name')
  @ReadersAndAgents()
  @ApiOperation({ summary: 'One agent' })
  @ApiResponse({ status: 200, schema: { example: AGENT_EXAMPLE } })
  async get(@Param('name') name: string, @Res() response: Response): Promise<void> {
    const agent = nameable(name) ? await this.agents.get(name) : null;
    if (!agent) {
      response.status(404).json({});
      return;
    }
    const queues = (agent.data['queues'] as string[] | undefined) ?? [];
    response.json(agentView(agent, queues.length === 0 ? [] : await this.restricted.list(queues)));
  }

  @Post('data/:name')
  @HttpCode(200)
  @AgentsAndManagers()
  @ApiOperation({
    summary: 'Note the description an agent gives of itself',
    description:
      'Keys replace one by one; `log` is appended, the last 100 lines are kept. Answers with the cookie by which the agent is known when it takes jobs.',
  })
  @ApiBody({ schema: { type: 'object', example: { state: 'waiting', queues: ['myqueue'], location: 'lab 1' } } })
  @ApiResponse({ status: 200, schema: { example: { status: 'OK' } } })
  async post(
    @Param('name') name: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { log, ...data } = fit<Record<string, unknown>>(AGENT_DATA, body);
    const lines = (log as string[] | undefined) ?? [];
    if (!nameable(name)) throw validationError({ agent_name: ['Not a valid string.'] });
    checkTexts([...Object.values(data).flat(), ...lines] as string[]);
    await this.admission.checkOffers(loginOf(request).principal, (data['queues'] as string[] | undefined) ?? []);
    await this.agents.post(name, data, lines);
    rememberAgent(response, name);
    response.json({ status: 'OK' });
  }

  @Post('provision_logs/:name')
  @HttpCode(200)
  @Agents()
  @ApiOperation({ summary: 'How a provisioning went' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['job_id', 'exit_code'],
      example: { job_id: '00000000-0000-0000-0000-000000000000', exit_code: 1, detail: 'provision_fail' },
    },
  })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async provisioned(
    @Param('name') name: string,
    @Req() request: Request,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const entry = fit<ProvisionLogBody>(PROVISION_LOG, body);
    if (!nameable(name)) throw validationError({ agent_name: ['Not a valid string.'] });
    checkTexts([entry.job_id, entry.detail ?? '']);
    const { principal } = loginOf(request);
    if (principal.permissions?.role === 'agent') await this.agents.checkName(name, principal.permissions.client_id);
    const known = await this.agents.get(name);
    await this.agents.provisioned(name, {
      job_id: entry.job_id,
      exit_code: entry.exit_code,
      detail: entry.detail ?? '',
    });
    if (!known && this.config.auth !== 'none') throw new LabError(404, 'Agent not found');
    text(response, 'OK');
  }
}

function checkNames(names: string[]): void {
  const bad = names.find((name) => !nameable(name));
  if (bad !== undefined) throw validationError({ [bad.slice(0, 100)]: ['Not a valid string.'] });
}

/** Postgres stores no NUL and no half characters. */
function checkTexts(texts: string[]): void {
  if (texts.some((one) => one.includes('\u0000') || !one.isWellFormed()))
    throw validationError({ _schema: ['Not a valid string.'] });
}
