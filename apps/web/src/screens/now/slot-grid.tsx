import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import type { Overview } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { CommandLine, Empty } from '../../ui/notices.js';
import { Mark, TONE_OF } from '../../ui/state.js';
import { placesOf } from './places.js';

type Node = Overview['nodes'][number];
type Taken = Node['taken'][number];

/** A node with more slots shows the taken ones and the number of those that are free. */
const MOST_FREE = 64;

/** Every slot of every node: taken ones in the colour of their job's state. */
export function SlotGrid({ nodes }: { nodes: readonly Node[] }) {
  return (
    <section className="panel" aria-labelledby="slots">
      <div className="panel__head">
        <h2 id="slots">Slots</h2>
      </div>
      {nodes.length === 0 ? (
        <Empty title="There is no node yet.">
          <p>A node is there once a worker has started on it.</p>
          <CommandLine text={`DROVER_API_URL=${location.origin} npm run worker`} />
        </Empty>
      ) : (
        <ul className="panel__body slots">
          {nodes.map((node) => (
            <NodeOf key={node.name} node={node} />
          ))}
        </ul>
      )}
    </section>
  );
}

function NodeOf({ node: { name, state, lost, blocked_by: block, slots, taken } }: { node: Node }) {
  const busy = taken.reduce((sum, one) => sum + one.slots, 0);
  const free = state === 'offline' ? 0 : Math.max(0, slots - busy);
  const trouble = lost ? 'lost' : state === 'offline' ? 'offline' : block === null ? null : 'blocked';
  return (
    <li className="slots__node" data-state={lost ? 'lost' : state}>
      <span className="slots__name cut">
        <Link to={`/nodes?node=${encodeURIComponent(name)}`}>{name}</Link>
        {trouble !== null && <Mark tone={trouble === 'offline' ? 'off' : 'bad'}>{trouble}</Mark>}
        {state === 'draining' && <Mark tone="wait">draining</Mark>}
      </span>
      <span className="slots__row">
        {placesOf(taken, Math.min(free, MOST_FREE)).map((one, at) =>
          one === null ? (
            <span key={`free ${at}`} className="slot slot--free" aria-hidden="true" />
          ) : (
            <Slot key={one.slot} taken={one} />
          ),
        )}
        <span className="unseen">{counted(free, 'free slot')}</span>
        {free > MOST_FREE && <span className="muted small">{counted(free, 'free slot')}</span>}
      </span>
    </li>
  );
}

function Slot({ taken: { slots, job, gpus } }: { taken: Taken }) {
  const wide = { '--slots': slots } as CSSProperties;
  const gpu = gpus.length > 0 ? counted(gpus.length, 'GPU') : '';
  if (job === null)
    return (
      <span
        className="slot slot--theirs"
        style={wide}
        title="A job of another project"
        role="img"
        aria-label="A job of another project"
      />
    );
  const words = [`${job.name ?? job.job_id}, ${job.state}`, `of ${job.owner} in ${job.queue}`, gpu]
    .filter(Boolean)
    .join(', ');
  return (
    <Link
      className="slot"
      to={`/jobs/${job.job_id}`}
      data-tone={TONE_OF[job.state]}
      style={wide}
      title={words}
      aria-label={words}
    >
      {gpu !== '' && <span aria-hidden="true">G</span>}
    </Link>
  );
}
