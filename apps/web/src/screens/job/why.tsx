import { useExplanation } from '../../api/jobs.js';
import { hasEnded, type JobDetail } from '../../api/types.js';

/** Why it waits, or why it ended so, each reason with its remedy. A job that runs or succeeded needs no words. */
export function Why({ job }: { job: JobDetail }) {
  const waits = job.state === 'queued' || job.state === 'scheduled';
  const failed = hasEnded(job.state) && job.state !== 'succeeded';
  const { data } = useExplanation(job.id, waits, waits || failed);
  if (!waits && !failed) return null;
  const reasons = data?.reasons ?? [];
  return (
    <div className={`notice ${failed ? 'notice--bad' : 'notice--wait'} why`}>
      {reasons.length === 0 && <span>{job.cause_detail ?? data?.summary ?? `The job is ${job.state}.`}</span>}
      {reasons.map(({ code, message, remedy }) => (
        <div key={code}>
          <strong>{message}</strong>
          {remedy && <span> {remedy}</span>}
        </div>
      ))}
    </div>
  );
}
