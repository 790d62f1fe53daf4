import { useState } from 'react';
import { Link } from 'react-router';
import { useAlarms } from '../../api/alarms.js';
import type { Alarm } from '../../api/types.js';
import { countOf } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import { expressionOf } from '../../lib/metric.js';
import { EntryLink } from '../../ui/entry-link.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';

/** Rules that show at once: there may be 10,000. */
const SHOWN = 200;

/** All rules: what each looks at, when it fires, and when it did last. */
export function Rules() {
  const { data, error, refetch } = useAlarms();
  const [text, setText] = useState('');
  const [most, setMost] = useState(SHOWN);
  if (!data) return error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones />;
  if (data.length === 0)
    return (
      <Empty title="There is no alarm yet.">
        <p>An alarm watches a metric of every job of a queue, of every run of a command, of one job or of a node.</p>
        <CommandLine text="drover alarms add alarm.json" />
      </Empty>
    );
  const words = text.trim().toLowerCase();
  const found = data.filter((alarm) => words === '' || textOf(alarm).includes(words));
  return (
    <div className="alarms__list">
      {data.length > 10 && (
        <input
          className="field alarms__find"
          aria-label="Find an alarm"
          placeholder="Name, metric, queue or owner"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      <div className="panel scroll-x">
        <table className="table" aria-label="Rules">
          <thead>
            <tr>
              <th scope="col">Alarm</th>
              <th scope="col">State</th>
              <th scope="col">Looks at</th>
              <th scope="col">Fires when</th>
              <th scope="col">Last fired</th>
              <th scope="col">Owner</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, most).map((alarm) => (
              <Row key={alarm.id} alarm={alarm} />
            ))}
          </tbody>
        </table>
      </div>
      {found.length === 0 && <p className="muted">No alarm is called so.</p>}
      {found.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
          Show {countOf(Math.min(SHOWN, found.length - most))} more of {countOf(found.length)}
        </button>
      )}
    </div>
  );
}

const textOf = ({ name, metric, target, queue, command, owner }: Alarm): string =>
  [name, metric, target, queue, command, owner].join('\n').toLowerCase();

function Row({ alarm }: { alarm: Alarm }) {
  return (
    <tr>
      <th scope="row" className="alarms__name">
        <Link to={`/alarms/${alarm.id}`}>{alarm.name}</Link>
      </th>
      <td>
        <StateOf alarm={alarm} />
      </td>
      <td className="alarms__scope">
        <Scope alarm={alarm} />
      </td>
      <td className="alarms__words">{expressionOf(alarm)}</td>
      <td>
        {alarm.last_fired_at === null ? (
          <span className="muted">never</span>
        ) : (
          <Link to={`/alarms?tab=history&alarm=${alarm.id}`}>
            <Ago at={alarm.last_fired_at} />
          </Link>
        )}
      </td>
      <td className="alarms__scope">{alarm.owner}</td>
    </tr>
  );
}

function StateOf({ alarm: { enabled, states } }: { alarm: Alarm }) {
  if (!enabled) return <Mark tone="off">off</Mark>;
  const firing = states.filter(({ state }) => state === 'firing').length;
  if (firing > 0)
    return (
      <Link to="/alarms?tab=active">
        <Mark tone="bad">{firing === 1 ? 'firing' : `firing on ${countOf(firing)}`}</Mark>
      </Link>
    );
  return states.length > 0 ? <Mark tone="wait">pending</Mark> : <Mark tone="good">quiet</Mark>;
}

function Scope({ alarm: { target, queue, command } }: { alarm: Alarm }) {
  if (queue !== null)
    return (
      <>
        jobs of <Link to={jobsAt({ queue: [queue] })}>{queue}</Link>
      </>
    );
  if (command !== null)
    return (
      <span title={command}>
        runs of <code>{command}</code>
      </span>
    );
  return <EntryLink entry={target ?? ''} name={null} />;
}
