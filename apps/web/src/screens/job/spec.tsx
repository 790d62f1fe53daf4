import { Link } from 'react-router';
import type { JobDetail } from '../../api/types.js';
import { commandLine } from '../../lib/shell.js';
import { CopyButton } from '../../ui/notices.js';
import { Ago } from '../../ui/time.js';
import { differencesOf, specOf } from './spec-fields.js';

/** Shows what was asked for: what differs from the run before, the command as a line, and everything as JSON. */
export function Spec({ job, previous }: { job: JobDetail; previous: JobDetail | null }) {
  const json = JSON.stringify(specOf(job), null, 2);
  return (
    <div className="spec">
      {previous && <Differences job={job} previous={previous} />}
      {job.command !== null && (
        <div className="command">
          <code tabIndex={0}>{commandLine(job.command)}</code>
          <CopyButton text={commandLine(job.command)} label="Copy the command" />
        </div>
      )}
      <div className="spec__json">
        <CopyButton text={json} label="Copy the JSON" />
        <pre tabIndex={0} aria-label="The job as JSON">
          {json}
        </pre>
      </div>
    </div>
  );
}

function Differences({ job, previous }: { job: JobDetail; previous: JobDetail }) {
  const found = differencesOf(specOf(previous), specOf(job));
  const before = (
    <Link to={`/jobs/${previous.id}?tab=spec`}>
      the previous run, <Ago at={previous.created_at} />
    </Link>
  );
  if (found.length === 0) return <p className="muted">It asks for the same as {before}.</p>;
  return (
    <section className="panel" aria-label="What differs from the previous run">
      <div className="panel__head">
        <span>What differs from {before}</span>
      </div>
      <div className="scroll-x" tabIndex={0}>
        <table className="table diff">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Previous run</th>
              <th scope="col">This run</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ field, before: earlier, after }) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                <td>{earlier === null ? <span className="muted">left out</span> : <del>{earlier}</del>}</td>
                <td>{after === null ? <span className="muted">left out</span> : <ins>{after}</ins>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
