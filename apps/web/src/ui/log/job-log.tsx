import type { ReactNode } from 'react';
import { useExecutions } from '../../api/jobs.js';
import { hasEnded, type JobDetail, type Stream } from '../../api/types.js';
import { useAddress, withParts } from '../../lib/address.js';
import { Empty } from '../notices.js';
import { Viewer } from './viewer.js';

interface JobLogProps {
  job: JobDetail;
  /** Is told the time of the chosen line (ISO 8601), and null when none is chosen. */
  onMoment?: (at: string | null) => void;
  /** Stands behind the tools of the log. */
  children?: ReactNode;
}

/** The whole log of a job: of the execution and the stream that the address names. */
export default function JobLog({ job, onMoment, children }: JobLogProps) {
  const { search, change } = useAddress();
  const { data: executions = [] } = useExecutions(job.id);
  const execution = search.get('execution') ?? job.execution_id;
  const named = search.get('stream');
  const stream: Stream | null = named === 'stdout' || named === 'stderr' ? named : null;
  if (execution === null)
    return (
      <Empty
        title={
          hasEnded(job.state)
            ? 'The job never ran: it has no log.'
            : 'The job has not started: it has written nothing yet.'
        }
      />
    );
  return (
    <Viewer
      key={`${execution} ${stream}`}
      view={{ job: job.id, execution, stream }}
      {...(onMoment === undefined ? {} : { onMoment })}
    >
      {executions.length > 1 && (
        <select
          className="field log__attempt"
          aria-label="Execution"
          value={execution}
          onChange={({ target: { value } }) =>
            change((newest) => withParts(newest, { execution: value }), { hash: '', push: true })
          }
        >
          {executions.map(({ id }, at) => (
            <option key={id} value={id}>
              Execution {at + 1} of {executions.length}
            </option>
          ))}
        </select>
      )}
      {children}
    </Viewer>
  );
}
