import { Injectable } from '@nestjs/common';
import { hpcRefusal, type Values } from '@drover/dialects/v1-jobs';
import { JobSamplesService } from '@drover/metrics';
import { usageOf } from './body-fields.js';
import { HpcCounters } from './hpc-counters.js';
import { SampleTargets } from './sample-targets.js';

const MB = 1024 * 1024;

/** A sample as the service shows it. */
export interface SampleObject {
  timestamp: string;
  cpu_usage: number;
  memory_usage_mb: number;
  gpu_usage?: number;
}

/** Samples that somebody posts, one at a time. */
@Injectable()
export class SampleIntake {
  constructor(
    private readonly samples: JobSamplesService,
    private readonly targets: SampleTargets,
    private readonly counters: HpcCounters,
  ) {}

  /** @throws Refusal; throws `not_found`, `forbidden`, `terminal` */
  async take(id: string, values: Values): Promise<SampleObject> {
    const { cpu_usage, memory_usage_mb, gpu_usage } = usageOf(values);
    if (cpu_usage === undefined) throw hpcRefusal('validation_error', 'cpu_usage is required');
    if (memory_usage_mb === undefined) throw hpcRefusal('validation_error', 'memory_usage_mb is required');
    return this.counters.time('record_metrics', async () => {
      const sample = await this.targets.with(id, ({ job, cpus }) =>
        this.samples.record(job, {
          at: new Date(),
          cpu_percent: cpu_usage * cpus,
          memory_bytes: memory_usage_mb * MB,
          gpu_percent: gpu_usage ?? null,
        }),
      );
      return {
        timestamp: sample.at.toISOString(),
        cpu_usage,
        memory_usage_mb,
        ...(gpu_usage === undefined ? {} : { gpu_usage }),
      };
    });
  }
}
