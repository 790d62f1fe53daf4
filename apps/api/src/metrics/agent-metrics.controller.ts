import { Body, Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Config, CONFIG } from '@drover/config';
import { isReservedEntry, type JobDesc } from '@drover/domain';
import { DialectGuards } from '@drover/http';
import { CountersService, fromWire, size32, type SourceUpdate } from '@drover/metrics';
import type { MetricsRequest, MetricsResponse, MetricsSource } from '@drover/protocol';
import { Store } from '@drover/store';
import { AgentGuard, type AgentRequest } from '../agent-protocol/agent.guard.js';
import { AgentTables } from './agent-tables.js';
import { checkMetrics } from './check-metrics.js';
import { foreignJobs } from './foreign-jobs.js';

type Refused = MetricsResponse['refused'][number];

const NODE_SERIES = 5_000;

/** Takes the metrics that our workers tell of their nodes and of the programs that push to them. */
@ApiExcludeController()
@DialectGuards()
@Controller('agent/v1')
export class AgentMetricsController {
  private readonly tables = new AgentTables();

  constructor(
    private readonly counters: CountersService,
    private readonly store: Store,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('metrics')
  @HttpCode(200)
  @UseGuards(AgentGuard)
  async metrics(@Req() request: AgentRequest, @Body() body: unknown): Promise<MetricsResponse> {
    const told = checkMetrics(body);
    const agent = request.agent;
    this.tables.learn(agent.id, told.incarnation, told.tables);
    const unknown = new Set<string>();
    const updates: SourceUpdate[] = [];
    const foreign = await foreignJobs(this.store.agents.sql, agent, told.sources);
    const sources = told.sources.filter(({ job }) => job === undefined || !foreign.has(job));
    for (const source of sources) {
      const table = this.tables.get(agent.id, told.incarnation, source.table);
      if (!table) unknown.add(source.table);
      else if (table.length === source.values.length) updates.push(this.update(agent, told, source, table));
    }
    const results = await this.counters.ingest(updates);
    const refused = results.flatMap((result, i) =>
      result.refused.map(({ name, reason }): Refused => ({ job: updates[i]?.job ?? null, name, reason })),
    );
    for (const job of foreign) refused.push({ job, name: '*', reason: 'other_node' });
    return { unknown_tables: [...unknown], refused: refused.slice(0, 100) };
  }

  private update(
    agent: { id: string; name: string },
    told: MetricsRequest,
    source: MetricsSource,
    table: ReturnType<typeof fromWire>,
  ): SourceUpdate {
    const { jobSeries } = this.config.counters;
    const common = {
      node: agent.name,
      feedsMain: true,
      heldBy: agent.id,
      seq: told.seq,
      reading: { defs: table, values: source.values },
    };
    if (source.kind === 'node') {
      return {
        ...common,
        key: `node:${agent.name}`,
        kind: 'node',
        job: null,
        live: false,
        incarnation: source.boot_id ?? told.incarnation,
        seq: Date.now(),
        description: null,
        budget: NODE_SERIES,
      };
    }
    const job = source.job === undefined || source.job === '' || isReservedEntry(source.job) ? null : source.job;
    return {
      ...common,
      key: `client:${agent.name}:${job ?? ''}`,
      kind: 'client',
      job,
      live: job !== null && source.live,
      incarnation: told.incarnation,
      description: job !== null && source.description ? clean(source.description, job) : null,
      budget: jobSeries,
    };
  }
}

/** Returns a job's description as the lists can show it, whatever a program sent. */
const clean = (desc: JobDesc, job: string): JobDesc => {
  const text = (value: unknown): string =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '') : '';
  const time = (value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.floor(value)) : 0;
  return {
    jobid: job,
    command: text(desc.command),
    size: size32(Number(desc.size)),
    nodelist: text(desc.nodelist),
    partition: text(desc.partition),
    cluster: text(desc.cluster),
    run_dir: text(desc.run_dir),
    start_time: time(desc.start_time),
    end_time: 0,
  };
};
