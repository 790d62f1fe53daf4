import type { Type } from '@nestjs/common';
import type { Config } from '@drover/config';
import type { Dialect } from '@drover/dialects/contract';
import type { Tables } from '@drover/store';
import { fastlane } from '../fastlane/src/manifest.js';
import { flux } from '../flux/src/manifest.js';
import { hpc } from '../hpc/src/manifest.js';
import { metricProxy } from '../metric-proxy/src/manifest.js';
import { testflinger } from '../testflinger/src/manifest.js';

/**
 * The dialects of this program: the only list of them. To take one out, delete its folder, its import and its name
 * here. Flux stands before HPC: /v1/jobs/search would be a job to the latter.
 */
export const DIALECTS: readonly Dialect[] = [fastlane, flux, hpc, metricProxy, testflinger];

/** Tables of all dialects. */
export const tablesOfDialects = async (): Promise<Tables[]> =>
  Promise.all(DIALECTS.flatMap(({ tables }) => (tables ? [tables()] : [])));

/** The modules of the dialects that are named, in the order in which their routes are asked. */
export async function modulesOfDialects(names: readonly string[]): Promise<Type[]> {
  const spoken = DIALECTS.filter(({ name }) => names.includes(name));
  return Promise.all([
    ...spoken.map(({ module }) => module()),
    ...spoken.flatMap(({ otherMethods }) => (otherMethods ? [otherMethods()] : [])),
  ]);
}

/** URLs and hosts by which the settings of dialects name the broker. */
export const addressesOfDialects = (config: Config): string[] =>
  DIALECTS.flatMap((dialect) => dialect.addresses?.(config) ?? []).filter((address) => address !== null);
