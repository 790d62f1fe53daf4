import type { Config } from '@drover/config';
import type { Dialect } from '@drover/dialects/contract';
import type { Tables } from '@drover/store';
import { fastlane } from '../fastlane/src/manifest.js';
import { flux } from '../flux/src/manifest.js';
import { hpc } from '../hpc/src/manifest.js';
import { metricProxy } from '../metric-proxy/src/manifest.js';
import { testflinger } from '../testflinger/src/manifest.js';

/** The dialects of this program: the only list of them. To take one out, delete its folder and its lines here. */
export const DIALECTS: readonly Dialect[] = [fastlane, flux, hpc, metricProxy, testflinger];

/** Tables of all dialects. */
export const TABLES_OF_DIALECTS: readonly Tables[] = DIALECTS.flatMap(({ tables }) => tables ?? []);

/** URLs and hosts by which the settings of dialects name the broker. */
export const addressesOfDialects = (config: Config): string[] =>
  DIALECTS.flatMap((dialect) => dialect.addresses?.(config) ?? []).filter((address) => address !== null);
