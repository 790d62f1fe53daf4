import { useExplanation } from '../../api/jobs.js';
import { hasEnded, type Explanation, type JobDetail } from '../../api/types.js';
import { exactOf, useNow } from '../../lib/time.js';
import { startWords } from './words.js';

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
          {/* A remedy that names a route is for programs: what it gives stands on this screen. */}
          {remedy && !/\bGET /.test(remedy) && <span> {remedy}</span>}
        </div>
      ))}
      {waits && data?.start && <Start start={data.start} />}
    </div>
  );
}

/** Its place, when it will start, and why then. */
function Start({ start }: { start: NonNullable<Explanation['start']> }) {
  const now = useNow();
  const when = startWords(start, now);
  return (
    <div>
      {start.position !== null && <strong>Position {start.position.toLocaleString()}. </strong>}
      {when !== null && (
        <strong
          title={[start.p50_at, start.p90_at].map((at) => (at === null ? '' : exactOf(Date.parse(at)))).join(' – ')}
        >
          {when}{' '}
        </strong>
      )}
      <span>{start.sentence}</span>
    </div>
  );
}
