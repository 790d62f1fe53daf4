import type { Type } from '@nestjs/common';

/** One module a dialect. A dialect is a folder that could be deleted together with its line here. */
export const DIALECTS: Type[] = [];
