import { Link } from 'react-router';
import { useRuns } from '../../api/jobs.js';
import { hasEnded, type JobDetail, type Run, type RunList } from '../../api/types.js';
import { compareAt } from '../../lib/compare-at.js';
import { bytesOf } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import { spanOf, useNow } from '../../lib/time.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { StateMark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { bandWords } from './words.js';

/** The last runs of the same command or name, their lengths beside the band of those that succeeded. */
export function Runs({ job }: { job: JobDetail }) {
  const { data, error, refetch } = useRuns(job);
  const now = useNow();
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={6} />;
  if (data.last.length === 0)
    return <Empty title={`There is no earlier run of this ${job.name === null ? 'command' : 'command or name'}.`} />;
  const own = job.started_at === null ? null : (Date.parse(job.finished_at ?? '') || now) - Date.parse(job.started_at);
  const lengths = [own, ...data.last.map(({ duration_s: length }) => (length === null ? null : length * 1_000))];
  const longest = Math.max(1, (data.band.p90_s ?? 0) * 1_000, ...lengths.map((length) => length ?? 0));
  return (
    <div className="runs">
      <p className="muted">
        {data.same === 'command' ? 'These ran the same command.' : 'These have the same name; none ran this command.'}{' '}
        {bandWords(data.band)}{' '}
        {job.name !== null && <Link to={jobsAt({ name: [job.name] })}>Every run of this name</Link>}
      </p>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col">Took</th>
              <th scope="col">
                <span className="unseen">Its length beside the others</span>
              </th>
              <th scope="col" className="number">
                CPU, mean
              </th>
              <th scope="col" className="number">
                Memory, most
              </th>
              <th scope="col">Node</th>
              <th scope="col">
                <span className="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr aria-current="true">
              <td>This one</td>
              <td>
                <StateMark state={job.state} />
              </td>
              <td>{own === null ? '–' : spanOf(own)}</td>
              <td>
                <Length ms={own} longest={longest} band={data.band} />
              </td>
              <td className="number" />
              <td className="number" />
              <td>{job.node ?? '–'}</td>
              <td />
            </tr>
            {data.last.map((run) => (
              <Row key={run.id} job={job} run={run} longest={longest} band={data.band} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Row({ job, run, longest, band }: { job: JobDetail; run: Run; longest: number; band: RunList['band'] }) {
  const { id, state, duration_s: length, cpu_avg: cpu, memory_max: memory, node, created_at: created } = run;
  return (
    <tr>
      <td>
        <Link to={`/jobs/${id}`}>
          <Ago at={created} />
        </Link>
      </td>
      <td>
        <StateMark state={state} />
      </td>
      <td>{length === null ? '–' : spanOf(length * 1_000)}</td>
      <td>
        <Length ms={length === null ? null : length * 1_000} longest={longest} band={band} />
      </td>
      <td className="number">{cpu === null ? '–' : `${Math.round(cpu)} %`}</td>
      <td className="number">{memory === null ? '–' : bytesOf(memory)}</td>
      <td>{node ?? '–'}</td>
      <td className="number">
        {hasEnded(job.state) && job.started_at !== null && hasEnded(state) && length !== null && (
          <Link to={compareAt(job.id, id)}>Compare with it</Link>
        )}
      </td>
    </tr>
  );
}

/** A bar as long as the run, over the band from a tenth to nine tenths of the runs. */
function Length({
  ms,
  longest,
  band: { p10_s: low, p90_s: high },
}: {
  ms: number | null;
  longest: number;
  band: RunList['band'];
}) {
  const share = (value: number): string => `${Math.min(100, (value / longest) * 100)}%`;
  return (
    <span className="runs__track" aria-hidden="true">
      {low !== null && high !== null && (
        <span className="runs__band" style={{ left: share(low * 1_000), width: share((high - low) * 1_000) }} />
      )}
      {ms !== null && <span className="runs__bar" style={{ width: share(ms) }} />}
    </span>
  );
}
