import { fastlane } from './fastlane.js';
import { flux } from './flux.js';
import { hpc } from './hpc.js';
import { metricProxy } from './metric-proxy.js';
import { testflinger } from './testflinger.js';

/**
 * One file a dialect (`fastlane.ts` exports `fastlane = section('fastlane', {...})`), listed here. What is listed is
 * read by `loadConfig` into `config.dialects.<key>` and shows up in the reference table.
 */
export const dialects = { fastlane, flux, hpc, metricProxy, testflinger };

/** The names of the dialects, as DROVER_DIALECTS and the documentation write them. */
export const DIALECT_NAMES = ['fastlane', 'flux', 'hpc', 'metric-proxy', 'testflinger'] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];
