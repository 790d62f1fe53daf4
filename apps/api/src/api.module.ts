import { Module, type Type } from '@nestjs/common';
import { AgentProtocolModule } from './agent-protocol/agent-protocol.module.js';
import { AccessModule } from './modules/access.module.js';
import { AgentsModule } from './modules/agents.module.js';
import { AlarmsModule } from './modules/alarms.module.js';
import type { Connections } from './modules/connections.js';
import { ConnectionsModule } from './modules/connections.module.js';
import { CountersModule } from './modules/counters.module.js';
import { DispatchModule } from './modules/dispatch.module.js';
import { HttpModule } from './modules/http.module.js';
import { JobsModule } from './modules/jobs.module.js';
import { LiveModule } from './modules/live.module.js';
import { NoticesModule } from './modules/notices.module.js';
import { PeriodicWorkModule } from './modules/periodic-work.module.js';
import { PlacementModule } from './modules/placement.module.js';
import { ProfilesModule } from './modules/profiles.module.js';
import { QuotasModule } from './modules/quotas.module.js';
import { RetentionModule } from './modules/retention.module.js';
import { ScrapeModule } from './modules/scrape.module.js';
import { NativeMetricsModule } from './native/metrics.module.js';
import { NativeModule } from './native/native.module.js';
import { OpsModule } from './ops/ops.module.js';

export interface ApiOptions {
  /** True: no periodic work runs, for tests in which jobs change only by what the test does. */
  passive?: boolean;
}

/** The one list of modules. */
@Module({})
export class ApiModule {
  static of(connections: Connections, dialects: readonly Type[], options: ApiOptions = {}) {
    return {
      module: ApiModule,
      imports: [
        // Services, from what others stand on upwards. Nest ends them in the opposite order.
        ConnectionsModule.of(connections),
        DispatchModule,
        PeriodicWorkModule.of(options),
        QuotasModule,
        AccessModule,
        JobsModule,
        AgentsModule,
        LiveModule,
        PlacementModule,
        NoticesModule,
        CountersModule,
        ProfilesModule,
        AlarmsModule,
        ScrapeModule,
        RetentionModule,
        HttpModule,
        // The modules that speak HTTP.
        AgentProtocolModule,
        NativeMetricsModule,
        NativeModule,
        OpsModule,
        ...dialects,
      ],
    };
  }
}
