import type { JobDetail } from '../../api/types.js';
import { commandLine } from '../../lib/shell.js';
import { CopyButton } from '../../ui/notices.js';
import { specOf } from './spec-fields.js';

/** Shows what was asked for: the command as a line, and everything as JSON. */
export function Spec({ job }: { job: JobDetail }) {
  const json = JSON.stringify(specOf(job), null, 2);
  return (
    <div className="spec">
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
