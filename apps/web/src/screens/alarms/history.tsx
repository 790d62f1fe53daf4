import { useState } from 'react';
import { Link } from 'react-router';
import { readFirings, useAlarm, useNewestFirings, type FiringPage } from '../../api/alarms.js';
import type { AlarmFiring } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { EntryLink } from '../../ui/entry-link.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { Mark, StateMark } from '../../ui/state.js';
import { Ago, Lasting } from '../../ui/time.js';
import { sayFault } from '../../ui/toast.js';
import { merged } from './merged.js';
import { useWords } from './use-words.js';

const PAGE = 100;

/** The times for which alarms fired, newest first. `alarm`: of this one alone. */
export function History({ alarm }: { alarm: string | null }) {
  return <List key={alarm ?? ''} alarm={alarm} />;
}

function List({ alarm }: { alarm: string | null }) {
  const { data, error, refetch } = useNewestFirings(alarm, PAGE);
  const [shown, setShown] = useState<FiringPage | null>(null);
  const [reads, setReads] = useState(false);
  if (!data) return error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones />;
  // The first page that came stays: what comes later is counted until somebody asks for it.
  if (shown === null || (shown.firings.length === 0 && data.firings.length > 0)) setShown(data);
  const { firings, next } = shown ?? data;
  const { rows, news } = merged(firings, data.firings);
  const more = async (): Promise<void> => {
    setReads(true);
    try {
      const page = await readFirings({ alarm, cursor: next, limit: PAGE });
      setShown({ firings: [...rows, ...page.firings], next: page.next });
    } catch (fault) {
      sayFault(fault);
    } finally {
      setReads(false);
    }
  };
  return (
    <div className="alarms__list">
      {alarm !== null && <OfOne id={alarm} />}
      {rows.length === 0 && <Empty title="No alarm has fired yet." />}
      {news > 0 && (
        <button type="button" className="button alarms__news" onClick={() => setShown(data)}>
          {counted(news, 'new firing')}: show {news === 1 ? 'it' : 'them'}
        </button>
      )}
      {rows.length > 0 && (
        <div className="panel scroll-x">
          <table className="table" aria-label="History">
            <thead>
              <tr>
                <th scope="col">Fired</th>
                <th scope="col">Alarm</th>
                <th scope="col">On</th>
                <th scope="col">Job now</th>
                <th scope="col" className="number">
                  Value
                </th>
                <th scope="col">For</th>
                <th scope="col">How it ended</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((firing) => (
                <Row key={firing.id} firing={firing} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next !== null && (
        <button type="button" className="button" disabled={reads} onClick={() => void more()}>
          Show more
        </button>
      )}
    </div>
  );
}

function OfOne({ id }: { id: string }) {
  const { data } = useAlarm(id);
  return (
    <p>
      Of <Link to={`/alarms/${id}`}>{data?.name ?? 'one alarm'}</Link> alone.{' '}
      <Link to="/alarms?tab=history">Show all</Link>
    </p>
  );
}

const ENDS = {
  cleared: 'the condition held no more',
  gone: 'its job or node was gone',
  changed: 'the alarm was changed or turned off',
  deleted: 'the alarm was deleted',
} as const;

function Row({ firing }: { firing: AlarmFiring }) {
  const words = useWords(firing.alarm_id);
  const { ended_at: end, ended_by: reason } = firing;
  return (
    <tr>
      <td>
        <Ago at={firing.fired_at} />
      </td>
      <th scope="row" className="alarms__name">
        <Link to={`/alarms/${firing.alarm_id}`}>{firing.name}</Link>
      </th>
      <td className="alarms__scope">
        <EntryLink entry={firing.entry} name={firing.job_name} />
      </td>
      <td>{firing.job_state === null ? <span className="muted">–</span> : <StateMark state={firing.job_state} />}</td>
      <td className="number">{firing.value === null ? 'none' : words(firing.value)}</td>
      <td>
        <Lasting from={firing.fired_at} to={end} />
      </td>
      <td>
        {end === null ? <Mark tone="bad">fires still</Mark> : reason === null ? 'it ended' : ENDS[reason]}
        {firing.silenced && <span className="muted"> (silent)</span>}
      </td>
    </tr>
  );
}
