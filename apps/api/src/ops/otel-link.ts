import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, VERSION, type Config } from '@drover/config';
import { JobEnds, QueryService } from '@drover/jobs';
import { LOGGER, startOtel, startProcessMetrics, type Logger, type Otel } from '@drover/telemetry';
import { BrokerGauges } from './broker-gauges.js';
import { JobTraces } from './job-traces.js';

/** Longest wait for the collector when this process ends. */
const CLOSE_MS = 3_000;

/** Sends traces of jobs and metrics to a collector of OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names one. */
@Injectable()
export class OtelLink implements OnModuleInit, OnApplicationShutdown {
  private otel: Otel | null = null;
  private traces: JobTraces | null = null;

  constructor(
    private readonly gauges: BrokerGauges,
    private readonly ends: JobEnds,
    private readonly query: QueryService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const { endpoint, headers, attributes, serviceName, traces, metrics, metricIntervalMs } = this.config.otel;
    if (endpoint === null || (traces === 'none' && metrics === 'none')) return;
    startProcessMetrics();
    const otel = await startOtel({
      endpoint,
      headers,
      resource: {
        'service.name': 'drover',
        'service.version': VERSION,
        'service.instance.id': randomUUID(),
        ...attributes,
        ...(serviceName === null ? {} : { 'service.name': serviceName }),
      },
      traces: traces === 'otlp',
      metrics: metrics === 'otlp',
      metricIntervalMs,
      beforeMetrics: () => this.gauges.look(),
      logger: this.log,
    });
    this.otel = otel;
    if (traces === 'none') return;
    const told = new JobTraces(otel, (ids) => this.query.executionsOfJobs(ids), this.log);
    this.traces = told;
    this.ends.onEnded((jobs) => told.ended(jobs));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.traces?.stop();
    await this.otel?.close(CLOSE_MS);
  }
}
