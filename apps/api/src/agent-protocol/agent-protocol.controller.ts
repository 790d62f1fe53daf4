import { Body, Controller, HttpCode, Inject, Post, Put, Query, Req, UseGuards, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { AgentsService } from '@drover/agents';
import { type BlobStore, BLOBS } from '@drover/blobs';
import { DroverError, invalid } from '@drover/domain';
import { ClaimsService, isUuid, ReportsService } from '@drover/jobs';
import {
  HEARTBEAT_S,
  LEASE_S,
  type ClaimsResponse,
  type HeartbeatResponse,
  type RegisterResponse,
  type ReportsResponse,
} from '@drover/protocol';
import { ArtifactIntake } from '@drover/quotas';
import { artifactStore, executionStore, jobStore, Store } from '@drover/store';
import { DialectGuards } from '../access/marks.js';
import { Core } from '../core/core.js';
import { readBytes } from '../http/bodies/read-json.js';
import { AgentGuard, type AgentRequest } from './agent.guard.js';
import { artifactPath } from './artifact-path.js';
import { checkClaims, checkHeartbeat, checkRegister, checkReports, isStream, whole } from './check.js';
import { EnrolmentGuard } from './enrolment.guard.js';

/** What our own worker daemon speaks: libs/protocol has the shapes. */
@ApiExcludeController()
@DialectGuards()
@Controller('agent/v1')
export class AgentProtocolController {
  constructor(
    @Inject(Core) private readonly core: Core,
    @Inject(Store) private readonly store: Store,
    @Inject(AgentsService) private readonly agents: AgentsService,
    @Inject(ClaimsService) private readonly claims: ClaimsService,
    @Inject(ReportsService) private readonly reports: ReportsService,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(ArtifactIntake) private readonly intake: ArtifactIntake,
  ) {}

  @Post('register')
  @HttpCode(200)
  @UseGuards(EnrolmentGuard)
  async register(@Body() body: unknown): Promise<RegisterResponse> {
    const { agent, token, executions } = await this.agents.register(checkRegister(body));
    return {
      agent_id: agent.id,
      token,
      lease_s: LEASE_S,
      heartbeat_s: HEARTBEAT_S,
      tickets: { ...this.core.ticketAccess(), fingerprint: this.core.ticketFingerprint() },
      executions,
      server_time: new Date().toISOString(),
      login: this.core.config.auth !== 'none',
    };
  }

  @Post('heartbeat')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async heartbeat(@Req() request: AgentRequest, @Body() body: unknown): Promise<HeartbeatResponse> {
    return {
      control: await this.agents.heartbeat(request.agent, checkHeartbeat(body)),
      server_time: new Date().toISOString(),
      tickets: this.core.ticketFingerprint(),
    };
  }

  @Post('claims')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async claim(@Req() request: AgentRequest, @Body() body: unknown): Promise<ClaimsResponse> {
    return { results: await this.claims.claim(request.agent, checkClaims(body).tickets) };
  }

  @Post('reports')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async report(@Req() request: AgentRequest, @Body() body: unknown): Promise<ReportsResponse> {
    return { results: await this.reports.apply(request.agent.id, checkReports(body).items) };
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
    const path = artifactPath(query['path'] ?? '');
    const execution = isUuid(id) ? await executionStore.get(this.store.agents.sql, id) : null;
    if (
      !execution ||
      execution.agent_id !== request.agent.id ||
      execution.epoch !== Number(query['epoch']) ||
      execution.state === 'ended'
    ) {
      throw new DroverError('stale', 'The execution no longer holds its job.');
    }
    const job = await jobStore.get(this.store.agents.sql, execution.job_id);
    if (!job) throw new DroverError('stale', 'The job is gone.');
    const key = `artifacts/${execution.job_id}/${uuidv7()}`;
    const earlier = await artifactStore.get(this.store.agents.sql, job.id, path);
    const told = Number(request.headers['content-length'] ?? 0);
    const incoming = { project: job.project, key, body: request, told, replaced: earlier?.size ?? 0 };
    const { info, value: replaced } = await this.intake.take(incoming, (sql, { size, sha256 }) =>
      artifactStore.put(sql, {
        job_id: job.id,
        execution_id: id,
        path,
        size,
        sha256,
        content_type: 'application/octet-stream',
        blob_key: key,
        created_at: new Date(),
      }),
    );
    if (replaced) await this.blobs.delete(replaced).catch(() => undefined);
    return info;
  }

  @Post('deregister')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async deregister(@Req() request: AgentRequest): Promise<Record<string, never>> {
    await this.agents.deregister(request.agent);
    return {};
  }
}
