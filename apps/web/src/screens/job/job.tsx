import './job.css';
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { canCancel, canRetry } from '../../api/job-pages.js';
import { useActOnJob, useRuns } from '../../api/jobs.js';
import { useLiveJob } from '../../api/live-job.js';
import { useMay, useMayControl } from '../../api/session.js';
import type { JobDetail } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { jobsAt } from '../../lib/job-filter.js';
import { chartsAt, logAt } from '../../lib/moment.js';
import { commandLine } from '../../lib/shell.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { useTitle } from '../../lib/use-title.js';
import { Icon } from '../../ui/icons.js';
import { Bones, CopyButton, FaultNotice } from '../../ui/notices.js';
import { StateMark } from '../../ui/state.js';
import { Tabs } from '../../ui/tabs.js';
import { Ago, Lasting } from '../../ui/time.js';
import { say, sayFault } from '../../ui/toast.js';
import { Artifacts } from './artifacts.js';
import { Charts } from './charts.js';
import { Deliveries } from './deliveries.js';
import { Events } from './events.js';
import { Family, Gang } from './family.js';
import { LogTab } from './log-tab.js';
import { RunLinks } from './run-links.js';
import { Runs } from './runs.js';
import { Spec } from './spec.js';
import { Waterfall } from './waterfall.js';
import { Why } from './why.js';

const CancelDialog = lazy(() => import('./cancel-dialog.js'));

/** One job: its state and why, what can be done about it, and everything that the record has of it. */
export default function JobScreen() {
  const { id = '' } = useParams();
  const { data: job, error, refetch } = useLiveJob(id);
  useTitle(job ? (job.name ?? commandLine(job.command)) || id : 'Job');
  if (job === undefined)
    return (
      <div className="screen">
        <h1 className="unseen">Job</h1>
        {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones rows={10} />}
      </div>
    );
  return <Shown key={id} job={job} />;
}

function Shown({ job }: { job: JobDetail }) {
  const { tab, toTab, onMoment } = useTab(job.id);
  const name = (job.name ?? commandLine(job.command)) || job.image || job.id;
  const { data: runs } = useRuns(job);
  return (
    <div className="screen screen--full">
      <header className="screen__head">
        <StateMark state={job.state} pill />
        <h1 className="job__name">{name}</h1>
        <span className="muted mono job__id">
          {job.id}
          <CopyButton text={job.id} label="Copy the id" />
        </span>
        {runs && <RunLinks runs={runs} />}
        <Actions job={job} />
      </header>
      <Why job={job} />
      <Facts job={job} />
      <Waterfall job={job} />
      <Gang job={job} />
      <Family job={job} />
      <Tabs
        value={tab}
        onChange={toTab}
        tabs={[
          { id: 'log', label: 'Log', content: () => <LogTab job={job} onMoment={onMoment} /> },
          { id: 'charts', label: 'Charts', content: () => <Charts job={job} runs={runs} /> },
          { id: 'events', label: 'Events', content: () => <Events id={job.id} /> },
          { id: 'spec', label: 'Spec', content: () => <Spec job={job} previous={runs?.previous ?? null} /> },
          { id: 'runs', label: 'Runs', content: () => <Runs job={job} /> },
          { id: 'artifacts', label: 'Artifacts', content: () => <Artifacts id={job.id} /> },
          { id: 'deliveries', label: 'Deliveries', content: () => <Deliveries id={job.id} /> },
        ]}
      />
    </div>
  );
}

/** The tab of the address. A moment that is looked at in the log or in the charts goes along from one to the other. */
function useTab(id: string) {
  const { search, newest } = useAddress();
  const navigate = useNavigate();
  const chosenAt = useRef<string | null>(null);
  const onMoment = useCallback((at: string | null) => void (chosenAt.current = at), []);
  const tab = search.get('tab') ?? 'log';
  const toTab = (next: string): void => {
    const { search: query, hash } = newest();
    const at = (query.get('tab') ?? 'log') === 'log' ? chosenAt.current : query.get('at');
    const moment = { at: at ?? '', execution: query.get('execution'), lines: hash };
    const to =
      at !== null && next === 'charts'
        ? chartsAt(id, moment)
        : at !== null && next === 'log'
          ? logAt(id, moment)
          : `/jobs/${id}${next === 'log' ? '' : `?tab=${next}`}`;
    void navigate(to, { replace: true });
  };
  return { tab, toTab, onMoment };
}

/** Cancel, retry, and a new job made from this one: those that would be let through. */
function Actions({ job }: { job: JobDetail }) {
  const may = useMay();
  const mayControl = useMayControl();
  const act = useActOnJob();
  const [asks, setAsks] = useState(false);
  const navigate = useNavigate();
  const cancellable = mayControl(job) && canCancel(job);
  const retryable = mayControl(job) && canRetry(job);
  const retry = (): void =>
    act.mutate({ job, act: 'retry' }, { onSuccess: () => say('The job is queued again.'), onError: sayFault });
  const clone = (): void => void navigate(`/submit?from=${job.id}`);
  useShortcuts('Job', [
    ...(cancellable ? [{ keys: 'c', does: 'Cancel', run: () => setAsks(true) }] : []),
    ...(retryable ? [{ keys: 'r', does: 'Retry', run: retry }] : []),
    ...(may('submit') ? [{ keys: 'd', does: 'Clone and edit', run: clone }] : []),
  ]);
  return (
    <div className="job__actions push">
      {retryable && (
        <button type="button" className="button" disabled={act.isPending} onClick={retry}>
          <Icon name="again" size={14} /> Retry
        </button>
      )}
      {may('submit') && (
        <button type="button" className="button" onClick={clone}>
          <Icon name="copy" size={14} /> Clone and edit
        </button>
      )}
      {cancellable && (
        <button type="button" className="button button--danger" onClick={() => setAsks(true)}>
          <Icon name="stop" size={14} /> Cancel
        </button>
      )}
      {asks && (
        <Suspense fallback={null}>
          <CancelDialog
            job={job}
            onClose={() => setAsks(false)}
            onCancel={() => {
              setAsks(false);
              act.mutate({ job, act: 'cancel' }, { onError: sayFault });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function Facts({ job }: { job: JobDetail }) {
  const facts: [string, ReactNode][] = [
    ['Queue', <Link to={jobsAt({ queue: [job.queue] })}>{job.queue}</Link>],
    ['Node', job.node === null ? null : <Link to={jobsAt({ node: [job.node] })}>{job.node}</Link>],
    ['Owner', <Link to={jobsAt({ owner: [job.owner] })}>{job.owner}</Link>],
    ['Created', <Ago at={job.created_at} />],
    ['Waited', job.queued_at && <Lasting from={job.queued_at} to={job.claimed_at ?? job.finished_at} />],
    ['Ran', job.started_at && <Lasting from={job.started_at} to={job.finished_at} />],
    ['Exit', job.signal ?? job.exit_code],
    [
      'Attempt',
      job.attempt > 1 || job.losses > 0 ? `${job.attempt}${job.losses > 0 ? `, lost ${job.losses} times` : ''}` : null,
    ],
    ['Starts', job.start_at && <Ago at={job.start_at} />],
    [
      'Parent',
      job.parent_id && (
        <>
          <Link to={`/jobs/${job.parent_id}`}>{job.parent_id.slice(-12)}</Link>,{' '}
          <Link to={jobsAt({ parent: [job.parent_id] })}>its family</Link>
        </>
      ),
    ],
    ['Project', job.project],
    ['Tags', job.tags.length > 0 ? job.tags.join(', ') : null],
  ];
  return (
    <dl className="facts">
      {facts.flatMap(([label, value]) =>
        value === null || value === '' || value === undefined
          ? []
          : [
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>,
            ],
      )}
    </dl>
  );
}
