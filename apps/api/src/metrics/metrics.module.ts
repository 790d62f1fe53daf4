import { Global, Module } from '@nestjs/common';
import { CountersService, HttpCounters } from '@drover/metrics';
import { Core } from '../core/core.js';
import { AgentMetricsController } from './agent-metrics.controller.js';
import { OwnSystem } from './own-system.js';

/** How often what is over is put away, and how often what was forgotten is deleted. */
const TEND_MS = 2_000;
const CLEAN_MS = 60_000;

function makeCounters(core: Core): CountersService {
  const { host, nodeRetentionS } = core.config.dialects.metricProxy;
  const counters = new CountersService(core.store, host);
  core.onTick('counters-tend', TEND_MS, () => counters.tend());
  core.onTick('counters-clean', CLEAN_MS, () => counters.clean(nodeRetentionS));
  return counters;
}

function makeOwnSystem(core: Core, counters: CountersService): OwnSystem {
  const own = new OwnSystem(core, counters);
  core.onClose(() => own.stop());
  return own;
}

/** The services of counters, made once and wired to the core. They belong to the whole product: dialects, native routes and the agent protocol use them. */
@Global()
@Module({
  controllers: [AgentMetricsController],
  providers: [
    { provide: CountersService, useFactory: makeCounters, inject: [Core] },
    { provide: HttpCounters, useFactory: (core: Core, counters: CountersService) => new HttpCounters(core.store, counters), inject: [Core, CountersService] },
    { provide: OwnSystem, useFactory: makeOwnSystem, inject: [Core, CountersService] },
  ],
  exports: [CountersService, HttpCounters, OwnSystem],
})
export class MetricsModule {}
