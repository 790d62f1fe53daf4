import { Inject, Injectable } from '@nestjs/common';
import { OpenStreams } from '@drover/http';
import { JobSeriesService } from '@drover/metrics';
import { LOGGER, streamsOpen, type Logger } from '@drover/telemetry';
import { setJobGauges } from './job-gauges.js';

/** The gauges that are read when somebody looks: those of jobs and nodes from the record, and the open streams. */
@Injectable()
export class BrokerGauges {
  private looking: Promise<void> | null = null;

  constructor(
    private readonly streams: OpenStreams,
    private readonly series: JobSeriesService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Sets them. Those who look at the same time share one look at the record. */
  async look(): Promise<void> {
    this.looking ??= setJobGauges(this.series)
      .catch((error: unknown) => this.log.warn({ error: String(error) }, 'the record did not answer a scrape'))
      .finally(() => {
        this.looking = null;
      });
    await this.looking;
    streamsOpen.set(this.streams.size);
  }
}
