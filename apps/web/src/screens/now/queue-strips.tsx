import { Link } from 'react-router';
import type { Overview } from '../../api/types.js';
import { countOf } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import { spanOf, useNow } from '../../lib/time.js';
import { CommandLine, Empty } from '../../ui/notices.js';
import { PauseButton } from '../../ui/pause-button.js';
import { PauseWhy } from '../../ui/pause-why.js';
import { Mark } from '../../ui/state.js';

type Queue = Overview['queues'][number];
const ACTIVE = ['claimed', 'running', 'cancelling'];

/** One strip a queue. Every number of jobs leads to their list. */
export function QueueStrips({ queues }: { queues: readonly Queue[] }) {
  return (
    <section className="panel" aria-labelledby="queues">
      <div className="panel__head">
        <h2 id="queues">Queues</h2>
      </div>
      {queues.length === 0 ? (
        <Empty title="There is no queue yet.">
          <CommandLine text="drover submit -- echo hello" />
        </Empty>
      ) : (
        <ul>
          {queues.map((queue) => (
            <Strip key={queue.name} queue={queue} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Strip({ queue }: { queue: Queue }) {
  const { name, pause } = queue;
  const now = useNow();
  const oldest = queue.oldest_queued_at === null ? null : now - Date.parse(queue.oldest_queued_at);
  return (
    <li className="strip">
      <span className="strip__name">
        <Link to={jobsAt({ queue: [name] })}>{name}</Link>
        {queue.paused && <Mark tone="wait">paused</Mark>}
        {queue.agents === 0 && <Mark tone="late">no node</Mark>}
        <PauseWhy pause={pause} className="strip__why" />
      </span>
      <Figure label="waiting" to={jobsAt({ queue: [name], state: ['queued'] })} value={countOf(queue.waiting)} />
      <Figure label="running" to={jobsAt({ queue: [name], state: ACTIVE })} value={countOf(queue.running)} />
      <Figure
        label="oldest wait"
        to={oldest === null ? undefined : jobsAt({ queue: [name], state: ['queued'] })}
        value={oldest === null ? '–' : spanOf(oldest)}
      />
      <Figure label="wait p50" to={startsOf(name, queue.wait_p50_s)} value={waitOf(queue.wait_p50_s)} />
      <Figure label="wait p95" to={startsOf(name, queue.wait_p95_s)} value={waitOf(queue.wait_p95_s)} />
      <Figure
        label="failed, 1 h"
        to={jobsAt({ queue: [name], state: ['failed'], finished_after: ['1h'] })}
        value={countOf(queue.failed)}
        tone={queue.failed > 0 ? 'bad' : undefined}
      />
      <span className="strip__act">
        <PauseButton queue={queue} />
      </span>
    </li>
  );
}

/** The list of those that started in the last hour: a figure of their waits is made of them. */
const startsOf = (queue: string, figure: number | null): string | undefined =>
  figure === null ? undefined : jobsAt({ queue: [queue], started_after: ['1h'] });

const waitOf = (seconds: number | null): string => (seconds === null ? '–' : spanOf(seconds * 1000));

interface FigureProps {
  label: string;
  value: string;
  /** The list that the figure counts. */
  to?: string | undefined;
  tone?: 'bad' | undefined;
}

function Figure({ label, value, to, tone }: FigureProps) {
  return (
    <span className="figure">
      <span className="figure__value" data-tone={tone}>
        {to === undefined ? value : <Link to={to}>{value}</Link>}
      </span>
      <span className="muted small">{label}</span>
    </span>
  );
}
