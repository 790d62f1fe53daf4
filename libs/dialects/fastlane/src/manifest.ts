import type { Dialect } from '@drover/dialects/contract';
import { tables } from './record/tables.js';

export const fastlane = { name: 'fastlane', tables } as const satisfies Dialect;
