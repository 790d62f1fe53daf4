import { Module, type CanActivate } from '@nestjs/common';
import type { Access } from './access/access.js';
import { AccessModule } from './access/access.module.js';
import { AgentProtocolModule } from './agent-protocol/agent-protocol.module.js';
import type { Core } from './core/core.js';
import { CoreModule } from './core/core.module.js';
import { dialectModules } from './dialects/index.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NativeMetricsModule } from './native/metrics.module.js';
import { NativeModule } from './native/native.module.js';
import { OpsModule } from './ops/ops.module.js';

/** The one list of modules. */
@Module({})
export class ApiModule {
  static of(core: Core, access: Access, rates: CanActivate) {
    return {
      module: ApiModule,
      imports: [
        CoreModule.of(core),
        AccessModule.of(access, rates),
        MetricsModule,
        AgentProtocolModule,
        NativeMetricsModule,
        NativeModule,
        OpsModule,
        ...dialectModules(core.config.speaks),
      ],
    };
  }
}
