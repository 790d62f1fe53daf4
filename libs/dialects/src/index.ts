import type { Dialect } from '@drover/dialects/contract';
import type { Tables } from '@drover/store';
import { fastlane } from '../fastlane/src/manifest.js';
import { testflinger } from '../testflinger/src/manifest.js';

/** The dialects of this program: the only list of them. To take one out, delete its folder and its lines here. */
const DIALECTS: readonly Dialect[] = [fastlane, testflinger];

/** Tables of all dialects. */
export const TABLES_OF_DIALECTS: readonly Tables[] = DIALECTS.flatMap(({ tables }) => tables ?? []);
