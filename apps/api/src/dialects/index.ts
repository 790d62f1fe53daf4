import type { Type } from '@nestjs/common';
import { HpcModule } from './hpc/hpc.module.js';
import { MetricProxyModule } from './metric-proxy/metric-proxy.module.js';

/** One module a dialect. A dialect is a folder that could be deleted together with its line here. */
export const DIALECTS: Type[] = [HpcModule, MetricProxyModule];
