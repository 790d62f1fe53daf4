import { isQueueName } from './queues.js';
import { section } from './section.js';
import { readSeconds, seconds, Unfit, variable, type Variable } from './variable.js';

const DAY_S = 86_400;
const MOST_S = 36_600 * DAY_S;
/** The shortest time. A job that has just ended is still needed: its profile is written, notices are sent. */
const LEAST_S = 60;

/** How long something is kept, in seconds, and which queues differ. 0: for ever. */
interface Kept {
  readonly seconds: number;
  readonly queues: Readonly<Record<string, number>>;
}

function timeOf(text: string): number {
  const time = readSeconds(text);
  if (time === 0 || (time >= LEAST_S && time <= MOST_S)) return time;
  throw new Unfit(
    `must be a time from ${LEAST_S} seconds on, or 0 for ever, such as 90d or 90d,builds=7d,releases=0 with other times for some queues.`,
  );
}

/** `90d`, or `90d,builds=7d`: a time, and others for some queues. */
function kept(name: string, about: string, days: number): Variable<Kept> {
  return variable<Kept>(
    name,
    'a time from 60 s on, such as 90d; 0: for ever; then queue=time for queues that differ, comma-separated',
    { about, default: { seconds: days * DAY_S, queues: {} }, fallback: days === 0 ? '0' : `${days}d` },
    (value) => {
      let time = days * DAY_S;
      const queues: Record<string, number> = {};
      for (const [at, item] of value.split(',').entries()) {
        const split = item.lastIndexOf('=');
        if (split < 0 && at === 0) time = timeOf(item.trim());
        else {
          const queue = item.slice(0, split).trim();
          if (split < 0 || !isQueueName(queue))
            throw new Unfit(`must be a time, then a list of queue=time; "${item.trim()}" is none.`);
          queues[queue] = timeOf(item.slice(split + 1).trim());
        }
      }
      return { seconds: time, queues };
    },
  );
}

/** How long what jobs leave behind is kept. A pinned job stays, with all that belongs to it. */
export const retention = section(
  'Retention',
  {
    jobs: kept(
      'DROVER_RETENTION_JOBS',
      'How long a job is kept after its end, with its executions, output and artifacts. It stays while something needs it: a job that depends on it, a child that has not ended, a notice to be sent. A pinned job stays.',
      90,
    ),
    executions: kept(
      'DROVER_RETENTION_EXECUTIONS',
      'How long the earlier executions of a job that is kept are kept after their end; the last one stays with its job.',
      30,
    ),
    logs: kept('DROVER_RETENTION_LOGS', 'How long the output of a job that is kept is kept after its end.', 30),
    artifacts: kept(
      'DROVER_RETENTION_ARTIFACTS',
      'How long the artifacts of a job that is kept are kept after its end.',
      90,
    ),
    events: kept(
      'DROVER_RETENTION_EVENTS',
      'How long events are kept: a follower that was away for longer misses some.',
      30,
    ),
    profiles: kept(
      'DROVER_RETENTION_PROFILES',
      'How long profiles of finished jobs are kept, beside DROVER_PROFILES_KEPT. The newest 20 of each command stay: others are compared with them.',
      365,
    ),
    deliveriesS: seconds('DROVER_RETENTION_DELIVERIES', {
      about: 'How long webhooks and mails are shown after they are done, with their tries.',
      default: 30 * DAY_S,
      min: LEAST_S,
      max: MOST_S,
    }),
    auditS: seconds('DROVER_RETENTION_AUDIT', {
      about:
        'How long entries of the audit trail, and those of the trails of observed jobs, are kept. The database refuses to delete one of the last 30 days. 0: for ever.',
      default: 365 * DAY_S,
      max: MOST_S,
    }),
    samplesS: seconds('DROVER_RETENTION_SAMPLES', {
      about: 'How long samples of what jobs used are kept; whole days are dropped.',
      default: null,
      fallback: 'METRICS_RETENTION_DAYS',
      min: DAY_S,
      max: MOST_S,
    }),
  },
  ({ auditS }, _env, problems) => {
    if (auditS !== 0 && auditS < 30 * DAY_S)
      problems.push({
        variable: 'DROVER_RETENTION_AUDIT',
        value: String(auditS),
        remedy: 'must be 30 days (30d) or more, or 0 for ever: the database refuses to delete younger entries.',
      });
  },
);
