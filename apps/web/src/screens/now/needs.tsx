import { Link } from 'react-router';
import { SILENCE_H, useSilence } from '../../api/alarms.js';
import { useMay } from '../../api/session.js';
import type { Overview } from '../../api/types.js';
import { countOf } from '../../lib/format.js';
import { jobsAt, type JobFilter } from '../../lib/job-filter.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { say, sayFault } from '../../ui/toast.js';

type NeedsOf = Overview['needs'];

/**
 * Shows everything that waits for somebody: failures of the last hour by their reason, alarms that fire, nodes in
 * trouble.
 */
export function Needs({ needs: { failures, alarms, nodes } }: { needs: NeedsOf }) {
  const firing = alarms.filter(({ state }) => state === 'firing');
  const isQuiet = failures.length + firing.length + nodes.length === 0;
  return (
    <section className="panel" aria-labelledby="needs">
      <div className="panel__head">
        <h2 id="needs">Needs you</h2>
        {isQuiet && <span className="muted">Nothing. No job failed in the last hour, and no alarm fires.</span>}
      </div>
      {!isQuiet && (
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
  const may = useMay();
  const silence = useSilence();
  return (
    <li>
      <Mark tone="bad">{alarm.severity}</Mark>
      <strong>{alarm.name}</strong>
      <span className="cut">
        on {alarm.entry}
        {alarm.value === null ? '' : `, at ${countOf(alarm.value)}`}, <Ago at={alarm.fired_at ?? alarm.active_at} />
      </span>
      {may('operate') && (
        <button
          type="button"
          className="button needs__act"
          aria-label={`Silence ${alarm.name} for ${SILENCE_H} hours`}
          disabled={silence.isPending || silence.isSuccess}
          onClick={() =>
            silence.mutate(alarm.name, {
              onSuccess: () => say(`${alarm.name} is silent for ${SILENCE_H} hours.`),
              onError: sayFault,
            })
          }
        >
          {silence.isSuccess ? 'Silent' : `Silence ${SILENCE_H} h`}
        </button>
      )}
    </li>
  );
}

/** The filter of the API as the address has it. */
const filterOf = (filter: object): JobFilter =>
  Object.fromEntries(
    Object.entries(filter).map(([field, value]) => [field, [value as string | string[]].flat().map(String)]),
  );
