import { isReadySql } from '@drover/domain';

/** Some job comes due or expires. */
export const JOBS_OF_TIME = `EXISTS (
    SELECT 1
    FROM job j
    WHERE ${isReadySql('j', "j.filed_as = 'scheduled'")}
      AND j.start_at <= now()
  )
  OR EXISTS (
    SELECT 1
    FROM job
    WHERE filed_as IN ('scheduled','queued')
      AND expires_at IS NOT NULL
      AND expires_at <= now()
  )`;

/** Some delivery is due and in nobody's hands. */
export const DELIVERIES = `EXISTS (
    SELECT 1
    FROM delivery
    WHERE state = 'pending'
      AND due_at <= now()
      AND (leased_until IS NULL OR leased_until < now())
  )`;

/** Some job waits for placement, or a node is reserved. */
export const PLACEMENT = `EXISTS (SELECT 1 FROM job WHERE dispatch = 'placed' AND filed_as IN ('queued','scheduled'))
  OR EXISTS (SELECT 1 FROM agent WHERE reserved > 0)`;

/** Some ticket is not known to be in BullMQ. */
export const DISPATCH_MARKS = 'EXISTS (SELECT 1 FROM outbox)';

/** Some source of metrics belongs to a job. */
export const SOURCES_OF_JOBS = 'EXISTS (SELECT 1 FROM metric_source WHERE job IS NOT NULL AND NOT gone)';

/** Some target is to be scraped by now. */
export const SCRAPES = `EXISTS (
    SELECT 1
    FROM scrape_target
    WHERE next_at < now()
      AND (lease_until IS NULL OR lease_until < now())
  )`;

/** Some bulk action goes on and is in nobody's hands. */
export const BULK_ACTIONS = `EXISTS (
    SELECT 1
    FROM bulk_action
    WHERE state = 'running'
      AND (lease_until IS NULL OR lease_until < now())
  )`;

/** Some alarm has a rule, or a state that its rule has left behind. */
export const ALARMS = 'EXISTS (SELECT 1 FROM alarm_rule) OR EXISTS (SELECT 1 FROM alarm_state)';

/** Says of each condition, an expression without parameters, whether it holds. */
export const holding = (conditions: readonly string[]): string =>
  `SELECT ARRAY[${conditions.map((condition) => `(${condition})`).join(', ')}] AS holding`;
