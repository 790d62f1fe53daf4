import type { Type } from '@nestjs/common';
import { FastlaneModule } from './fastlane/fastlane.module.js';
import { FluxModule, FluxOtherMethodsModule } from './flux/flux.module.js';
import { HpcModule } from './hpc/hpc.module.js';
import { MetricProxyModule } from './metric-proxy/metric-proxy.module.js';
import { TestflingerModule } from './testflinger/testflinger.module.js';

/**
 * The modules of each dialect, in the order of their routes. Flux stands before HPC: /v1/jobs/search would be a job to
 * the latter.
 */
const MODULES: [string, Type][] = [
  ['fastlane', FastlaneModule],
  ['flux', FluxModule],
  ['hpc', HpcModule],
  ['flux', FluxOtherMethodsModule],
  ['metric-proxy', MetricProxyModule],
  ['testflinger', TestflingerModule],
];

/** The modules of the dialects that this broker speaks. */
export const dialectModules = (speaks: readonly string[]): Type[] =>
  MODULES.flatMap(([name, module]) => (speaks.includes(name) ? [module] : []));
