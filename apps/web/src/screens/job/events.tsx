import { useEffect, useState } from 'react';
import { follow } from '../../api/follow.js';
import type { JobEvent } from '../../api/types.js';
import { exactOf } from '../../lib/time.js';
import { Empty, FaultNotice } from '../../ui/notices.js';
import { Ago } from '../../ui/time.js';

/** A job that was retried for weeks has more events than anybody reads: the newest show. */
const MOST = 2_000;

/** The events of a job, from its beginning, and on as it happens. */
export function Events({ id }: { id: string }) {
  const [events, setEvents] = useState<readonly JobEvent[]>([]);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    let heard: JobEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const more = heard;
      heard = [];
      setEvents((before) => [...before, ...more].slice(-MOST));
    };
    setEvents([]);
    follow(`/api/v1/jobs/${id}/events`, {
      signal: stop.signal,
      onEvent: ({ event, data }) => {
        if (event === 'end' || event === 'trouble') return;
        if (event === 'restart') {
          heard = [];
          return setEvents([]);
        }
        heard.push(JSON.parse(data) as JobEvent);
        timer ??= setTimeout(tell, 100);
      },
    }).catch(setError);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id]);
  if (error) return <FaultNotice error={error} />;
  if (events.length === 0) return <Empty title="There is no event of this job." />;
  return (
    <div className="scroll-x" role="group" aria-label="Events" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Event</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {events.map(({ id: key, at, type, data }) => (
            <tr key={key}>
              <td title={exactOf(Date.parse(at))}>
                <Ago at={at} />
              </td>
              <td>{type}</td>
              <td className="muted">
                {Object.entries(data).map(([name, value]) => (
                  <span key={name} className="event__fact">
                    {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
