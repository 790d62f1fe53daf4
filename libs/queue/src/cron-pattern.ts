import { invalid } from '@drover/domain';
import { tickAfter } from '@drover/schedule';

/** Refuses (`invalid`) what the scheduler could not follow. */
export function checkCron(pattern: string, timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw invalid([
      { field: 'cron.timezone', message: 'is no time zone; an IANA name is, e.g. Europe/Berlin', value: timezone },
    ]);
  }
  const fields = pattern.trim().split(/\s+/).length;
  try {
    if (fields !== 5 && fields !== 6) throw new Error(`it has ${fields} fields`);
    tickAfter({ pattern, timezone }, new Date());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw invalid([
      {
        field: 'cron.pattern',
        message: `is no cron pattern of five or six fields (${why}); e.g. 30 2 * * * is`,
        value: pattern,
      },
    ]);
  }
}
