import { Link } from 'react-router';
import { useQueues } from '../../api/queues.js';
import type { Queue } from '../../api/types.js';
import { countOf, counted } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import { spanOf } from '../../lib/time.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { PauseButton } from '../../ui/pause-button.js';
import { PauseWhy } from '../../ui/pause-why.js';
import { Meter } from '../../ui/segments.js';
import { Mark } from '../../ui/state.js';

/** All queues: what waits and runs in each, and whether it is paused. */
export default function Queues() {
  useTitle('Queues');
  const { data, error, refetch } = useQueues();
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Queues</h1>
      </header>
      {error && !data && <FaultNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Bones />}
      {data?.length === 0 && (
        <Empty title="There is no queue yet.">
          <p>A queue is there once a job, a node or a setting names it.</p>
          <CommandLine text="drover submit --queue default -- echo hello" />
        </Empty>
      )}
      {data && data.length > 0 && (
        <div className="panel scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Queue</th>
                <th scope="col" className="number">
                  Waiting
                </th>
                <th scope="col" className="number">
                  Running
                </th>
                <th scope="col" className="number">
                  Scheduled
                </th>
                <th scope="col">Oldest wait</th>
                <th scope="col">Slots</th>
                <th scope="col">Kept for</th>
                <th scope="col">
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((queue) => (
                <Row key={queue.name} queue={queue} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Row({ queue }: { queue: Queue }) {
  const { name, counts, paused, slots, slots_free: free, agents } = queue;
  const running = counts.claimed + counts.running + counts.cancelling;
  return (
    <tr>
      <th scope="row" style={{ color: 'var(--text)', fontSize: 'inherit' }}>
        <Link to={jobsAt({ queue: [name] })}>{name}</Link> {paused && <Mark tone="wait">paused</Mark>}{' '}
        <PauseWhy pause={queue.pause} />
      </th>
      <td className="number">
        <Link to={jobsAt({ queue: [name], state: ['queued'] })}>{countOf(counts.queued)}</Link>
      </td>
      <td className="number">
        <Link to={jobsAt({ queue: [name], state: ['claimed', 'running', 'cancelling'] })}>{countOf(running)}</Link>
      </td>
      <td className="number">
        <Link to={jobsAt({ queue: [name], state: ['scheduled'] })}>{countOf(counts.scheduled)}</Link>
      </td>
      <td>
        {queue.oldest_queued_s === null ? <span className="muted">–</span> : spanOf(queue.oldest_queued_s * 1000)}
      </td>
      <td>
        {agents === 0 ? (
          <span className="state" data-tone="late">
            no node serves it
          </span>
        ) : (
          <>
            <Meter share={slots === 0 ? 0 : 1 - free / slots} label={`${slots - free} of ${slots} slots are busy`} />{' '}
            <span className="muted">
              {counted(free, 'free slot')} on {counted(agents, 'node')}
            </span>
          </>
        )}
      </td>
      <td>{queue.projects.length === 0 ? <span className="muted">everybody</span> : queue.projects.join(', ')}</td>
      <td className="number">
        <PauseButton queue={queue} />
      </td>
    </tr>
  );
}
