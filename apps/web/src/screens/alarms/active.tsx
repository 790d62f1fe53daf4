import { useState } from 'react';
import { Link } from 'react-router';
import { useActiveAlarms } from '../../api/alarms.js';
import type { ActiveAlarm } from '../../api/types.js';
import { countOf } from '../../lib/format.js';
import { metricWords } from '../../lib/metric.js';
import { EntryLink } from '../../ui/entry-link.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { SilenceButton } from '../../ui/silence-button.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';

const SHOWN = 200;

/** Where alarms fire or are about to. */
export function Active() {
  const { data, error, refetch } = useActiveAlarms();
  const [most, setMost] = useState(SHOWN);
  if (!data) return error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones />;
  if (data.length === 0) return <Empty title="No alarm fires, and none is about to." />;
  const sorted = data.toSorted((a, b) => (a.state === b.state ? 0 : a.state === 'firing' ? -1 : 1));
  return (
    <div className="alarms__list">
      <div className="panel scroll-x">
        <table className="table" aria-label="Active alarms">
          <thead>
            <tr>
              <th scope="col">Alarm</th>
              <th scope="col">State</th>
              <th scope="col">On</th>
              <th scope="col" className="number">
                Value
              </th>
              <th scope="col">Since</th>
              <th scope="col">
                <span className="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map((alarm) => (
              <Row key={`${alarm.alarm_id} ${alarm.entry}`} alarm={alarm} />
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
          Show more of {countOf(sorted.length)}
        </button>
      )}
    </div>
  );
}

function Row({ alarm }: { alarm: ActiveAlarm }) {
  return (
    <tr>
      <th scope="row" className="alarms__name">
        <Link to={`/alarms/${alarm.alarm_id}`}>{alarm.name}</Link>
      </th>
      <td>
        <Mark tone={alarm.state === 'firing' ? 'bad' : 'wait'}>{alarm.state}</Mark> {alarm.severity}
      </td>
      <td className="alarms__scope">
        <EntryLink entry={alarm.entry} name={alarm.job_name} />
      </td>
      <td className="number">{alarm.value === null ? 'none' : metricWords(alarm.metric)(alarm.value)}</td>
      <td>
        <Ago at={alarm.fired_at ?? alarm.active_at} />
      </td>
      <td className="number">
        {alarm.silenced_until !== null && (
          <span className="muted">
            silent, ends <Ago at={alarm.silenced_until} />{' '}
          </span>
        )}
        <SilenceButton alarm={alarm} />
      </td>
    </tr>
  );
}
