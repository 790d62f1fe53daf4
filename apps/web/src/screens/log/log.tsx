import './log.css';
import { Link, useParams, useSearchParams } from 'react-router';
import { useExecutions } from '../../api/jobs.js';
import { useLiveJob } from '../../api/live-job.js';
import { hasEnded, type JobDetail, type Stream } from '../../api/types.js';
import { commandLine } from '../../lib/shell.js';
import { useTitle } from '../../lib/use-title.js';
import { Viewer } from '../../ui/log/viewer.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { StateMark } from '../../ui/state.js';

const nameOf = (job: JobDetail): string => (job.name ?? commandLine(job.command)) || job.image || job.id;

/** The whole log of a job: any line of it, searched on the server, followed while it grows. */
export default function LogScreen() {
  const { id = '' } = useParams();
  const { data: job, error, refetch } = useLiveJob(id);
  useTitle(job ? `Log of ${nameOf(job)}` : 'Log');
  if (job === undefined)
    return (
      <div className="screen">
        {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones rows={10} />}
      </div>
    );
  return <Shown key={id} job={job} />;
}

function Shown({ job }: { job: JobDetail }) {
  const [search, setSearch] = useSearchParams();
  const { data: executions = [] } = useExecutions(job.id);
  const execution = search.get('execution') ?? job.execution_id;
  const named = search.get('stream');
  const stream: Stream | null = named === 'stdout' || named === 'stderr' ? named : null;
  return (
    <div className="screen screen--full log">
      <header className="screen__head">
        <StateMark state={job.state} pill />
        <h1 className="log__name cut">
          Log of <Link to={`/jobs/${job.id}`}>{nameOf(job)}</Link>
        </h1>
        {executions.length > 1 && (
          <select
            className="field log__attempt"
            aria-label="Execution"
            value={execution ?? ''}
            onChange={({ target }) => {
              const next = new URLSearchParams(search);
              next.set('execution', target.value);
              setSearch(next);
            }}
          >
            {executions.map(({ id }, at) => (
              <option key={id} value={id}>
                Execution {at + 1} of {executions.length}
              </option>
            ))}
          </select>
        )}
      </header>
      {execution === null ? (
        <Empty
          title={
            hasEnded(job.state)
              ? 'The job never ran: it has no log.'
              : 'The job has not started: its log begins with it.'
          }
        />
      ) : (
        <Viewer key={`${execution} ${stream}`} view={{ job: job.id, execution, stream }} />
      )}
    </div>
  );
}
