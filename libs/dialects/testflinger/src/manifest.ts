import type { Dialect } from '@drover/dialects/contract';
import { tables } from './record/tables.js';

export const testflinger = { name: 'testflinger', tables } as const satisfies Dialect;
