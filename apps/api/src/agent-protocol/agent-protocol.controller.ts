import { Body, Controller, HttpCode, Inject, Post, Put, Query, Req, UseGuards, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NodesService } from '@drover/access';
import { AgentsService } from '@drover/agents';
import { CONFIG, VERSION, type Config } from '@drover/config';
import {
  AGENT_PROTOCOL,
  invalid,
  isTicketless,
  isTooOld,
  OLDEST_AGENT_PROTOCOL,
  protocolOf,
  tooOldSentence,
} from '@drover/domain';
import { DialectGuards, Early, readBytes } from '@drover/http';
import { ClaimsService, DirectStarts, isUuid, ReportsService } from '@drover/jobs';
import {
  HEARTBEAT_S,
  LEASE_S,
  type ClaimsResponse,
  type HeartbeatResponse,
  type RegisterResponse,
  type ReportsResponse,
} from '@drover/protocol';
import { ExecutionArtifacts, stale } from '@drover/quotas';
import { AgentGuard, type AgentRequest } from './agent.guard.js';
import { artifactPath } from './artifact-path.js';
import { checkClaims, checkHeartbeat, checkRegister, checkReports, isStream, whole } from './check.js';
import { EnrolmentGuard, type EnrollingRequest } from './enrolment.guard.js';
import { TicketLogins } from './ticket-logins.js';

/** The protocol of our own worker daemon; libs/protocol has the shapes. */
@ApiExcludeController()
@DialectGuards()
@Controller('agent/v1')
export class AgentProtocolController {
  constructor(
    private readonly ticketLogins: TicketLogins,
    private readonly agents: AgentsService,
    private readonly claims: ClaimsService,
    private readonly reports: ReportsService,
    private readonly direct: DirectStarts,
    private readonly artifacts: ExecutionArtifacts,
    private readonly nodes: NodesService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('register')
  @HttpCode(200)
  @UseGuards(EnrolmentGuard)
  async register(@Req() request: EnrollingRequest, @Body() body: unknown): Promise<RegisterResponse> {
    const asked = checkRegister(body);
    if (request.bounds === null) await this.nodes.demandNoKey(asked.name);
    const { agent, token, executions } = await this.agents.register(asked, request.bounds);
    return {
      agent_id: agent.id,
      token,
      lease_s: LEASE_S,
      heartbeat_s: HEARTBEAT_S,
      tickets: { ...this.ticketLogins.access(agent), fingerprint: this.ticketLogins.fingerprint(agent) },
      executions,
      server_time: new Date().toISOString(),
      login: this.config.auth !== 'none',
      ...(this.direct.enabled || isTicketless(agent) ? { starts: true } : {}),
      protocol: AGENT_PROTOCOL,
      oldest_protocol: OLDEST_AGENT_PROTOCOL,
      version: VERSION,
      ...(isTooOld(agent) ? { too_old: tooOldSentence(agent.name, protocolOf(agent) ?? 0, VERSION) } : {}),
    };
  }

  @Early()
  @Post('heartbeat')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async heartbeat(@Req() request: AgentRequest, @Body() body: unknown): Promise<HeartbeatResponse> {
    const beat = checkHeartbeat(body);
    const control = await this.agents.heartbeat(request.agent, beat);
    const busy = beat.draining === true || control.drain || beat.blocked_by !== undefined;
    this.direct.told(
      request.agent,
      busy ? undefined : beat.free,
      beat.running.map((execution) => execution.execution_id),
    );
    const started = busy ? [] : await this.direct.next(request.agent, beat.next);
    return {
      control: started.length > 0 ? { ...control, start: [...(control.start ?? []), ...started] } : control,
      server_time: new Date().toISOString(),
      tickets: this.ticketLogins.fingerprint(request.agent),
    };
  }

  @Early()
  @Post('claims')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async claim(@Req() request: AgentRequest, @Body() body: unknown): Promise<ClaimsResponse> {
    const { tickets, free } = checkClaims(body);
    if (free !== undefined) this.direct.told(request.agent, free);
    return { results: await this.claims.claim(request.agent, tickets) };
  }

  @Early()
  @Post('reports')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async report(@Req() request: AgentRequest, @Body() body: unknown): Promise<ReportsResponse> {
    const { items, free, next } = checkReports(body);
    const results = await this.reports.apply(request.agent.id, items);
    if (free !== undefined)
      this.direct.told(
        request.agent,
        free,
        items.map((item) => item.execution_id),
      );
    const start = await this.direct.next(request.agent, next);
    return { results, ...(start.length > 0 ? { start } : {}) };
  }

  @Post('executions/:id/logs')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async append(
    @Req() request: AgentRequest,
    @Param('id') id: string,
    @Query() query: Record<string, string>,
  ): Promise<{ stored: number }> {
    const [epoch, offset, length, sequence] = ['epoch', 'offset', 'length', 'sequence'].map((name) =>
      Number(query[name]),
    ) as [number, number, number, number];
    if (!isUuid(id) || !isStream(query['stream']) || ![epoch, offset, length, sequence].every((n) => whole(n))) {
      throw invalid([{ field: 'query', message: 'needs epoch, stream, offset, length, sequence and at' }]);
    }
    const lines = query['lines'] === undefined ? undefined : Number(query['lines']);
    if (lines !== undefined && !whole(lines, length))
      throw invalid([{ field: 'lines', message: 'must be a whole number, at most the length' }]);
    const data = await readBytes(request);
    const stored = await this.reports.append(request.agent.id, {
      execution_id: id,
      epoch,
      stream: query['stream'],
      offset,
      length,
      sequence,
      at: new Date(query['at'] ?? Date.now()),
      data,
      ...(lines === undefined ? {} : { lines, open: query['open'] === 'true' }),
    });
    return { stored };
  }

  @Put('executions/:id/artifacts')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async artifact(
    @Req() request: AgentRequest,
    @Param('id') id: string,
    @Query() query: Record<string, string>,
  ): Promise<{ size: number; sha256: string }> {
    const path = artifactPath(query['path']);
    if (!isUuid(id)) throw stale();
    return this.artifacts.take({
      agentId: request.agent.id,
      executionId: id,
      epoch: Number(query['epoch']),
      path,
      body: request,
      told: Number(request.headers['content-length'] ?? 0),
    });
  }

  @Post('deregister')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async deregister(@Req() request: AgentRequest): Promise<Record<string, never>> {
    this.direct.forget(request.agent.id);
    await this.agents.deregister(request.agent);
    return {};
  }
}
