import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Job } from '../../api/types.js';
import { commandLine } from '../../lib/shell.js';
import { NodesBar } from '../../ui/segments.js';
import { StateMark } from '../../ui/state.js';
import { Ago, Lasting } from '../../ui/time.js';

export interface Column {
  id: string;
  label: string;
  /** A track of the grid. */
  width: string;
  cell: (job: Job) => ReactNode;
}

const dash = <span className="muted">–</span>;
const text = (value: string | null): ReactNode =>
  value === null || value === '' ? dash : <span title={value}>{value}</span>;

export const nameOf = (job: Pick<Job, 'name' | 'command' | 'image' | 'id'>): string =>
  job.name ?? (commandLine(job.command) || (job.image ?? job.id));

/** The node of a job; of one that runs on several, how many more there are. */
function nodesOf({ node, resources }: Job): string | null {
  const more = (resources.nodes ?? 1) - 1;
  return node === null || more < 1 ? node : `${node} +${more}`;
}

/** Every column of the list of jobs, in the order in which they stand. */
export const COLUMNS: readonly Column[] = [
  { id: 'state', label: 'State', width: '108px', cell: ({ state }) => <StateMark state={state} /> },
  {
    id: 'name',
    label: 'Job',
    width: 'minmax(180px, 3fr)',
    cell: (job) => (
      <>
        <Link to={`/jobs/${job.id}`} tabIndex={-1} title={commandLine(job.command)}>
          {nameOf(job)}
        </Link>
        {(job.resources.nodes ?? 1) > 1 && <NodesBar nodes={job.resources.nodes ?? 1} state={job.state} />}
      </>
    ),
  },
  {
    id: 'exit',
    label: 'Exit',
    width: '60px',
    cell: ({ exit_code: code, signal }) => text(signal ?? code?.toString() ?? null),
  },
  {
    id: 'why',
    label: 'Why',
    width: 'minmax(120px, 2fr)',
    cell: ({ cause_detail: why }) => text(why),
  },
  { id: 'queue', label: 'Queue', width: 'minmax(70px, 1fr)', cell: ({ queue }) => text(queue) },
  { id: 'node', label: 'Node', width: 'minmax(70px, 1fr)', cell: (job) => text(nodesOf(job)) },
  { id: 'owner', label: 'Owner', width: 'minmax(70px, 1fr)', cell: ({ owner }) => text(owner) },
  { id: 'created', label: 'Created', width: '80px', cell: ({ created_at: at }) => <Ago at={at} /> },
  {
    id: 'ran',
    label: 'Ran',
    width: '80px',
    cell: ({ started_at: from, finished_at: to }) => <Lasting from={from} to={to} />,
  },
  {
    id: 'waited',
    label: 'Waited',
    width: '80px',
    cell: ({ queued_at: from, claimed_at: to, finished_at: end }) => <Lasting from={from} to={to ?? end} />,
  },
  { id: 'attempt', label: 'Attempt', width: '64px', cell: ({ attempt }) => attempt },
  { id: 'priority', label: 'Priority', width: '64px', cell: ({ priority }) => priority },
  { id: 'tags', label: 'Tags', width: 'minmax(80px, 1fr)', cell: ({ tags }) => text(tags.join(', ')) },
  { id: 'dialect', label: 'API', width: '90px', cell: ({ dialect }) => text(dialect) },
  { id: 'id', label: 'Id', width: '290px', cell: ({ id }) => <code>{id}</code> },
];

/** The columns that show until somebody chooses. */
export const FIRST_COLUMNS = ['state', 'name', 'exit', 'why', 'queue', 'node', 'owner', 'created', 'ran'];
