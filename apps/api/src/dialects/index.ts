import type { Type } from '@nestjs/common';
import { FastlaneModule } from './fastlane/fastlane.module.js';
import { FluxModule } from './flux/flux.module.js';
import { HpcModule } from './hpc/hpc.module.js';
import { MetricProxyModule } from './metric-proxy/metric-proxy.module.js';
import { TestflingerModule } from './testflinger/testflinger.module.js';

/** One module a dialect. A dialect is a folder that could be deleted together with its line here. Flux stands before HPC: /v1/jobs/search would be a job to the latter. */
export const DIALECTS: Type[] = [FastlaneModule, FluxModule, HpcModule, MetricProxyModule, TestflingerModule];
