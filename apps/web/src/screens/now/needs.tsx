import { Link } from 'react-router';
import type { Overview } from '../../api/types.js';
import { countOf } from '../../lib/format.js';
import { jobsAt, type JobFilter } from '../../lib/job-filter.js';
import { metricWords } from '../../lib/metric.js';
import { EntryLink } from '../../ui/entry-link.js';
import { SilenceButton } from '../../ui/silence-button.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';

type NeedsOf = Overview['needs'];

interface NeedsProps {
  needs: NeedsOf;
  queues: Overview['queues'];
}

/**
 * Shows everything that waits for somebody: failures of the last hour by their reason, alarms that fire, nodes in
 * trouble, and jobs that no node takes.
 */
export function Needs({ needs: { failures, alarms, nodes }, queues }: NeedsProps) {
  const firing = alarms.filter(({ state }) => state === 'firing');
  const stranded = queues.filter(({ agents, waiting }) => agents === 0 && waiting > 0);
  const isQuiet = failures.length + firing.length + nodes.length + stranded.length === 0;
  return (
    <section className="panel now__needs" aria-labelledby="needs">
      <div className="panel__head">
        <h2 id="needs">Needs you</h2>
      </div>
      {isQuiet ? (
        <p className="needs needs--quiet muted">Nothing. No job failed in the last hour, and no alarm fires.</p>
      ) : (
        <ul className="needs">
          {nodes.map(({ name, why, sentence }) => (
            <li key={`node ${name}`}>
              <Mark tone={why === 'lost' ? 'bad' : 'late'}>{why === 'lost' ? 'lost' : 'blocked'}</Mark>
              <Link to={`/nodes?node=${encodeURIComponent(name)}`}>{name}</Link>
              <span className="cut">{sentence}</span>
            </li>
          ))}
          {firing.map((alarm) => (
            <Alarm key={`${alarm.alarm_id} ${alarm.entry}`} alarm={alarm} />
          ))}
          {stranded.map(({ name, waiting }) => (
            <li key={`queue ${name}`}>
              <Mark tone="late">no node</Mark>
              <Link to={jobsAt({ queue: [name], state: ['queued'] })} className="needs__count">
                {countOf(waiting)}×
              </Link>
              <span className="cut needs__why">No node serves the queue {name}.</span>
            </li>
          ))}
          {failures.map((group) => (
            <li key={group.sentence}>
              <Mark tone="bad">failed</Mark>
              <Link to={jobsAt(filterOf(group.filter))} className="needs__count">
                {countOf(group.count)}×
              </Link>
              <Link to={`/jobs/${group.job_id}`} className="cut needs__why" title={group.sentence}>
                {group.sentence}
              </Link>
              <span className="muted cut">{group.queues.join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Alarm({ alarm }: { alarm: NeedsOf['alarms'][number] }) {
  return (
    <li>
      <Mark tone="bad">{alarm.severity}</Mark>
      <Link to={`/alarms/${alarm.alarm_id}`}>{alarm.name}</Link>
      <span className="cut">
        on <EntryLink entry={alarm.entry} name={alarm.job_name} />
        {alarm.value === null ? '' : `, at ${metricWords(alarm.metric)(alarm.value)}`},{' '}
        <Ago at={alarm.fired_at ?? alarm.active_at} />
      </span>
      <span className="needs__act">
        {alarm.silenced_until !== null && (
          <span className="muted">
            silent, ends <Ago at={alarm.silenced_until} />{' '}
          </span>
        )}
        <SilenceButton alarm={alarm} />
      </span>
    </li>
  );
}

/** The filter of the API as the address has it. */
const filterOf = (filter: object): JobFilter =>
  Object.fromEntries(
    Object.entries(filter).map(([field, value]) => [field, [value as string | string[]].flat().map(String)]),
  );
