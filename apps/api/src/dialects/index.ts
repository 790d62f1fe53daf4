import type { Type } from '@nestjs/common';
import { MetricProxyModule } from './metric-proxy/metric-proxy.module.js';

/** One module a dialect. A dialect is a folder that could be deleted together with its line here. */
export const DIALECTS: Type[] = [MetricProxyModule];
