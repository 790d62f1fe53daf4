import type { JobDetail } from '../../api/types.js';
import { commandLine } from '../../lib/shell.js';
import { CopyButton } from '../../ui/notices.js';

/** The fields of what was asked for; what happened to it since stands elsewhere. */
const SPEC_FIELDS = [
  'queue',
  'name',
  'command',
  'image',
  'workdir',
  'env',
  'stdin',
  'priority',
  'resources',
  'limits',
  'retry',
  'cron',
  'start_at',
  'expires_at',
  'depends_on',
  'artifacts',
  'webhooks',
  'tags',
  'metadata',
  'payload',
] as const satisfies readonly (keyof JobDetail)[];

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'object' && Object.values(value as object).every((one) => one === null || one === undefined));

/** The spec of a job, without the fields that were left out. */
function specOf(job: JobDetail): Record<string, unknown> {
  return Object.fromEntries(SPEC_FIELDS.flatMap((field) => (isNothing(job[field]) ? [] : [[field, job[field]]])));
}

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
