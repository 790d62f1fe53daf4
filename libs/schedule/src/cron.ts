import { CronExpressionParser } from 'cron-parser';
import type { CronSpec } from '@drover/domain';

// The only importer of the parser, which is the one that BullMQ's schedulers use: what is accepted here runs there.

/** Throws the parser's error when the pattern cannot be read. */
export function assertCron({ pattern, timezone }: CronSpec): void {
  CronExpressionParser.parse(pattern, { tz: timezone });
}

/** The first time after `after` at which the pattern matches. Throws when there is none, or it cannot be read. */
export function tickAfter({ pattern, timezone }: CronSpec, after: Date): Date {
  return CronExpressionParser.parse(pattern, { tz: timezone, currentDate: after }).next().toDate();
}

/** The last time before `before` at which the pattern matched. Throws when there is none, or it cannot be read. */
export function tickBefore({ pattern, timezone }: CronSpec, before: Date): Date {
  return CronExpressionParser.parse(pattern, { tz: timezone, currentDate: before }).prev().toDate();
}
