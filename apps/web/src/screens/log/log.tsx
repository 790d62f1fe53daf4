import './log.css';
import { Link, useParams } from 'react-router';
import { useLiveJob } from '../../api/live-job.js';
import type { JobDetail } from '../../api/types.js';
import { commandLine } from '../../lib/shell.js';
import { useTitle } from '../../lib/use-title.js';
import JobLog from '../../ui/log/job-log.js';
import { Bones, FaultNotice } from '../../ui/notices.js';
import { StateMark } from '../../ui/state.js';

const nameOf = (job: JobDetail): string => (job.name ?? commandLine(job.command)) || job.image || job.id;

/** The whole log of a job on a screen of its own: any line of it, searched on the server, followed while it grows. */
export default function LogScreen() {
  const { id = '' } = useParams();
  const { data: job, error, refetch } = useLiveJob(id);
  useTitle(job ? `Log of ${nameOf(job)}` : 'Log');
  if (job === undefined)
    return (
      <div className="screen">
        <h1 className="unseen">Log</h1>
        {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones rows={10} />}
      </div>
    );
  return (
    <div key={id} className="screen screen--full log">
      <header className="screen__head">
        <StateMark state={job.state} pill />
        <h1 className="log__name cut">
          Log of <Link to={`/jobs/${job.id}`}>{nameOf(job)}</Link>
        </h1>
      </header>
      <JobLog job={job} />
    </div>
  );
}
