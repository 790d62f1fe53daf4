import './nodes.css';
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { useDrainNode, useEnrolledNodes, useNodes } from '../../api/nodes.js';
import { useMay } from '../../api/session.js';
import type { Node } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { bytesOf, counted } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import { spanOf } from '../../lib/time.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { Meter } from '../../ui/segments.js';
import { Mark, type Tone } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { sayFault } from '../../ui/toast.js';
import { Labels } from './labels.js';

const AddDialog = lazy(() => import('./add-dialog.js'));
const RevokeDialog = lazy(() => import('./revoke-dialog.js'));

const TONES: Readonly<Record<Node['state'], Tone>> = { online: 'good', draining: 'wait', offline: 'bad' };
/** A clock that differs by less is right enough. */
const SKEW_MS = 2_000;

/** All nodes: load, what they are, and whether they take work. Operators add machines, and revoke those that came so. */
export default function Nodes() {
  useTitle('Nodes');
  const { data, error, refetch } = useNodes();
  const { search } = useAddress();
  const chosen = search.get('node');
  const shown = data?.filter(({ name }) => chosen === null || name === chosen);
  const mayOperate = useMay()('operate');
  const enrolled = new Set(useEnrolledNodes(mayOperate).data?.map(({ name }) => name));
  const [adds, setAdds] = useState(false);
  const [revokes, setRevokes] = useState<string | null>(null);
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Nodes</h1>
        {chosen !== null && (
          <Link className="button" to="/nodes">
            Show all nodes
          </Link>
        )}
        {mayOperate && (
          <button type="button" className="button" onClick={() => setAdds(true)}>
            Add a machine
          </button>
        )}
      </header>
      {error && !data && <FaultNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Bones />}
      {shown?.length === 0 && (
        <Empty title={chosen === null ? 'There is no node yet.' : `There is no node ${chosen}.`}>
          <p>A node is there once a worker has started on it.</p>
          <CommandLine text={`DROVER_API_URL=${location.origin} npm run worker`} />
        </Empty>
      )}
      {shown && shown.length > 0 && (
        <div className="panel scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Node</th>
                <th scope="col">State</th>
                <th scope="col">Slots</th>
                <th scope="col">Load</th>
                <th scope="col">Disk</th>
                <th scope="col">Queues</th>
                <th scope="col">Machine</th>
                <th scope="col">Labels</th>
                <th scope="col">Version</th>
                <th scope="col">Last seen</th>
                <th scope="col">
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((node) => (
                <Row
                  key={node.id}
                  node={node}
                  onRevoke={enrolled.has(node.name) ? () => setRevokes(node.name) : null}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Suspense fallback={null}>
        {adds && <AddDialog onClose={() => setAdds(false)} />}
        {revokes !== null && <RevokeDialog name={revokes} onClose={() => setRevokes(null)} />}
      </Suspense>
    </div>
  );
}

function Row({ node, onRevoke }: { node: Node; onRevoke: (() => void) | null }) {
  const { name, state, slots, slots_free: free, facts } = node;
  return (
    <tr>
      <th scope="row" className="node__name">
        <Link to={jobsAt({ node: [name] })}>{name}</Link>
      </th>
      <td>
        <Mark tone={TONES[state]}>{state}</Mark> <Trouble node={node} />
      </td>
      <td className="cell-line">
        <Meter share={slots === 0 ? 0 : 1 - free / slots} label={`${slots - free} of ${slots} slots are busy`} />{' '}
        <Link to={`/timeline?node=${encodeURIComponent(name)}`} title={`What ran on ${name}`}>
          {slots - free}/{slots}
        </Link>
      </td>
      <td className="cell-line">
        <Load node={node} />
      </td>
      <td className="cell-line">
        <Disk node={node} />
      </td>
      <td>{node.queues.join(', ')}</td>
      <td>{facts ? <Machine facts={facts} /> : <span className="muted">–</span>}</td>
      <td>
        <Labels labels={facts?.labels ?? {}} />
      </td>
      <td className="muted">{facts?.version ?? '–'}</td>
      <td className="cell-line">
        <Ago at={node.last_seen_at} />
      </td>
      <td className="number cell-line">
        <DrainButton node={node} />{' '}
        {onRevoke && (
          <button
            type="button"
            className="button button--danger"
            aria-label={`Revoke ${name}`}
            title="Ends the key with which it was enrolled."
            onClick={onRevoke}
          >
            Revoke
          </button>
        )}
      </td>
    </tr>
  );
}

const NONE = <span className="muted">–</span>;

/** Processes that run or want to, beside the CPUs of the node. */
function Load({ node: { cpu_load: load, facts } }: { node: Node }) {
  if (load === null) return NONE;
  if (!facts) return load.toFixed(2);
  return (
    <>
      <Meter
        share={load / Math.max(1, facts.cpus)}
        label={`A load of ${load.toFixed(2)} on ${counted(facts.cpus, 'CPU')}`}
      />{' '}
      {load.toFixed(2)}
    </>
  );
}

/** How full the disk of the node's data folder is. */
function Disk({ node: { disk } }: { node: Node }) {
  if (disk === null || disk.total_bytes === 0) return NONE;
  const free = `${bytesOf(disk.free_bytes)} free`;
  return (
    <>
      <Meter share={1 - disk.free_bytes / disk.total_bytes} label={`${free} of ${bytesOf(disk.total_bytes)}`} /> {free}
    </>
  );
}

/** Why a node takes no work although it is there, and what is odd about it. */
function Trouble({ node: { blocked_by: block, clock_skew_ms: skew, facts, too_old: tooOld } }: { node: Node }) {
  const odd = [
    ...(tooOld ? ['Its Drover is too old for new jobs: install a newer one there.'] : []),
    ...(block === null
      ? []
      : [block === 'disk_full' ? 'Its disk is full: it takes no work until there is room.' : block]),
    ...(skew !== null && Math.abs(skew) > SKEW_MS
      ? [`Its clock is ${spanOf(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}.`]
      : []),
    ...(facts?.container_problem ? [`No containers: ${facts.container_problem}`] : []),
  ];
  return odd.map((text) => (
    <span key={text} className="node__trouble small" title={text}>
      {text}
    </span>
  ));
}

function Machine({ facts }: { facts: NonNullable<Node['facts']> }) {
  const gpus = facts.gpus.length === 0 ? '' : `, ${counted(facts.gpus.length, 'GPU')}`;
  return (
    <span title={[facts.hostname, facts.os, ...facts.gpus.map(({ name }) => name)].join('\n')}>
      {counted(facts.cpus, 'CPU')}, {bytesOf(facts.memory_mb * 1024 * 1024)}
      {gpus}
    </span>
  );
}

function DrainButton({ node: { name, state, kind, too_old: tooOld } }: { node: Node }) {
  const may = useMay();
  const drainNode = useDrainNode();
  if (!may('operate') || kind !== 'worker' || (state !== 'online' && state !== 'draining') || tooOld) return null;
  const drain = state === 'online';
  return (
    <button
      type="button"
      className="button"
      disabled={drainNode.isPending}
      aria-label={drain ? `Drain ${name}` : `Undrain ${name}`}
      title={drain ? 'It takes no more jobs, and finishes those it has.' : 'It takes jobs again.'}
      onClick={() => drainNode.mutate({ name, drain }, { onError: sayFault })}
    >
      {drain ? 'Drain' : 'Undrain'}
    </button>
  );
}
