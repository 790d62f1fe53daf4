import { Module } from '@nestjs/common';
import { AgentProtocolModule } from './agent-protocol/agent-protocol.module.js';
import { CoreModule } from './core/core.module.js';
import type { Core } from './core/core.js';
import { DIALECTS } from './dialects/index.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NativeModule } from './native/native.module.js';
import { OpsModule } from './ops/ops.module.js';

/** The one list of modules. */
@Module({})
export class ApiModule {
  static of(core: Core) {
    return { module: ApiModule, imports: [CoreModule.of(core), MetricsModule, AgentProtocolModule, NativeModule, OpsModule, ...DIALECTS] };
  }
}
