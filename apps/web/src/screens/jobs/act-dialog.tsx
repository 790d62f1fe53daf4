import { useId, useState } from 'react';
import { bulkRequest, startBulk, stopBulk, useBulkAction, useBulkPreview, type Meant } from '../../api/bulk.js';
import type { BulkAction, BulkRequest } from '../../api/types.js';
import { countOf, counted } from '../../lib/format.js';
import { Dialog } from '../../ui/dialog.js';
import { Bones, FaultNotice } from '../../ui/notices.js';
import { Meter } from '../../ui/segments.js';
import { StateMark } from '../../ui/state.js';
import type { Act } from './bulk-bar.js';
import { nameOf } from './columns.js';

const VERBS: Readonly<Record<Act, string>> = {
  cancel: 'Cancel',
  retry: 'Retry',
  priority: 'Change the priority of',
  tag: 'Tag',
  untag: 'Remove a tag from',
};

interface ActDialogProps {
  act: Act;
  meant: Meant;
  onClose: () => void;
  /** Called when the server has begun: rows change by themselves. */
  onBegin: () => void;
}

/** Shows how many jobs it is about, with examples; then how far the server has got, and what it skipped and why. */
export default function ActDialog({ act, meant, onClose, onBegin }: ActDialogProps) {
  const [task, setTask] = useState<string | null>(null);
  const [key] = useState(() => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  const [error, setError] = useState<unknown>(null);
  const begin = (request: BulkRequest): void => {
    startBulk(request, key).then(({ id }) => {
      setTask(id);
      onBegin();
    }, setError);
  };
  return task === null ? (
    <Question act={act} meant={meant} error={error} onClose={onClose} onBegin={begin} />
  ) : (
    <Progress act={act} id={task} onClose={onClose} />
  );
}

interface QuestionProps {
  act: Act;
  meant: Meant;
  error: unknown;
  onClose: () => void;
  onBegin: (request: BulkRequest) => void;
}

function Question({ act, meant, error, onClose, onBegin }: QuestionProps) {
  const [value, setValue] = useState('');
  const id = useId();
  const ofTags = act === 'tag' || act === 'untag';
  const preview = useBulkPreview(
    bulkRequest(act, meant, act === 'priority' ? { priority: 0 } : ofTags ? { tags: ['tag'] } : {}),
  );
  const { data } = preview;
  const asks = act === 'priority' ? 'The new priority; higher runs first' : ofTags ? 'The tag' : null;
  const ready = data !== undefined && data.count > 0 && (asks === null || value.trim() !== '');
  const many = data ? `${counted(data.count, 'job')}${data.exact ? '' : ' or more'}` : 'jobs';
  const more = act === 'priority' ? { priority: Number(value) } : ofTags ? { tags: [value.trim()] } : {};
  return (
    <Dialog
      title={`${VERBS[act]} ${many}?`}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave them
          </button>
          <button
            type="button"
            className="button button--main"
            disabled={!ready}
            onClick={() => onBegin(bulkRequest(act, meant, more))}
          >
            {VERBS[act]} {many}
          </button>
        </>
      }
    >
      {(error ?? preview.error) !== null && <FaultNotice error={error ?? preview.error} />}
      {asks !== null && (
        <p className="act__value">
          <label htmlFor={id}>{asks}</label>
          <input id={id} className="field" value={value} onChange={({ target }) => setValue(target.value)} />
        </p>
      )}
      {data ? (
        <ul className="act__list">
          {data.examples.map((job) => (
            <li key={job.id} className="act__job">
              <StateMark state={job.state} /> <span className="cut">{nameOf(job)}</span>
              <span className="muted cut">{job.queue}</span>
            </li>
          ))}
          {data.count > data.examples.length && (
            <li className="muted">and {countOf(data.count - data.examples.length)} more</li>
          )}
          {data.count === 0 && <li className="muted">None of them is in a state in which this can be done.</li>}
        </ul>
      ) : (
        preview.error === null && <Bones rows={3} />
      )}
    </Dialog>
  );
}

const ENDS: Readonly<Record<BulkAction['state'], string>> = {
  running: 'Under way',
  done: 'Done',
  cancelled: 'Stopped',
  failed: 'Failed',
};

function Progress({ act, id, onClose }: { act: Act; id: string; onClose: () => void }) {
  const { data, error } = useBulkAction(id);
  const runs = data === undefined || data.state === 'running';
  const seen = data ? data.done + data.skipped : 0;
  const words = data
    ? `${countOf(seen)} of ${countOf(data.matched)}${data.matched_exact ? '' : ' or more'}`
    : 'It begins';
  return (
    <Dialog
      title={`${VERBS[act]} jobs: ${ENDS[data?.state ?? 'running']}`}
      onClose={onClose}
      foot={
        <>
          {runs && (
            <button
              type="button"
              className="button button--danger"
              onClick={() => void stopBulk(id).catch(() => undefined)}
            >
              Stop
            </button>
          )}
          <button type="button" className="button button--main" onClick={onClose}>
            {runs ? 'Close; it goes on' : 'Close'}
          </button>
        </>
      }
    >
      {error && <FaultNotice error={error} />}
      <p className="act__value" role="status">
        <Meter share={data && data.matched > 0 ? seen / data.matched : 0} label={words} /> {words}
        {data && `: ${countOf(data.done)} changed, ${countOf(data.skipped)} skipped`}
      </p>
      {data?.problem && <FaultNotice error={new Error(data.problem)} />}
      <ul className="act__list">
        {data?.reasons.map(({ reason, count }) => (
          <li key={reason}>
            {counted(count, 'job')} skipped: {reason}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
