import './submit.css';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { Fault } from '../../api/fault.js';
import { submitJob, useJob } from '../../api/jobs.js';
import { useQueues } from '../../api/queues.js';
import { useSession } from '../../api/session.js';
import type { JobDetail } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { useTitle } from '../../lib/use-title.js';
import { CopyButton, FaultNotice } from '../../ui/notices.js';
import { Tabs } from '../../ui/tabs.js';
import { bodyOf, cloneOf, faultOfOther, faultsByField, webhooksOf, type Draft } from './draft.js';
import { OTHER, sectionsOf, type Field } from './fields.js';
import { cliOf, curlOf } from './same.js';
import { ScheduleWords } from './schedule-words.js';
import { SUBMIT_SCHEMA } from './schema.generated.js';

/** A form for a new job, which shows the same as JSON, as curl and as a command line. */
export default function Submit() {
  useTitle('Submit');
  const { search } = useAddress();
  const from = search.get('from');
  return from === null ? <Form key="new" first={NEW} /> : <Cloned key={from} id={from} />;
}

function Cloned({ id }: { id: string }) {
  const { data, error } = useJob(id);
  if (error)
    return (
      <div className="screen">
        <FaultNotice error={error} />
      </div>
    );
  return data ? <Filled job={data} /> : null;
}

/** The form as it was filled in at first: a job that changes meanwhile does not change it. */
function Filled({ job }: { job: JobDetail }) {
  const [{ draft, left }] = useState(() => cloneOf(job));
  return <Form first={draft} left={left} />;
}

const NEW: Draft = {};
const NO_FAULTS: ReadonlyMap<string, string> = new Map();

interface FormProps {
  first: Draft;
  /** Values of the job before that this form does not have. */
  left?: readonly { field: string; why: string }[];
}

function Form({ first, left = [] }: FormProps) {
  const [draft, setDraft] = useState<Draft>(first);
  const navigate = useNavigate();
  const submit = useMutation({ mutationFn: (filled: Draft) => submitJob(bodyOf(filled)) });
  const [wrong, setWrong] = useState<string | null>(null);
  const faults = useMemo(
    () =>
      wrong !== null
        ? new Map([[OTHER, wrong]])
        : submit.error instanceof Fault
          ? faultsByField(submit.error.fields, submit.variables)
          : NO_FAULTS,
    [submit.error, submit.variables, wrong],
  );
  const webhooks = webhooksOf(draft);
  const sections = useMemo(() => sectionsOf(SUBMIT_SCHEMA, webhooks), [webhooks]);
  useEffect(() => {
    // The first field with a fault has the focus: there is something to do.
    document.querySelector<HTMLElement>('.submit [aria-invalid="true"]')?.focus();
  }, [faults]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const fault = faultOfOther(draft);
    setWrong(fault);
    if (fault !== null) return;
    submit.mutate(draft, { onSuccess: ({ id }) => void navigate(`/jobs/${id}`) });
  };
  const general = submit.error && (faults.size === 0 ? submit.error : faults.get('') && new Error(faults.get('')));
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Submit a job</h1>
      </header>
      <form className="submit" onSubmit={send} noValidate>
        <div className="submit__fields">
          {general && <FaultNotice error={general} />}
          {left.length > 0 && (
            <p className="notice notice--plain" role="status">
              Not in this copy: {left.map(({ field, why }) => `${field} ${why}`).join('; ')}.
            </p>
          )}
          {sections.map(({ title, open, fields }) => {
            const isUsed = fields.some(({ path }) => (first[path] ?? '') !== '' || faults.has(path));
            return (
              <details key={`${title} ${isUsed}`} className="panel" open={open || isUsed}>
                <summary className="panel__head">
                  <h2>{title}</h2>
                </summary>
                <div className="panel__body submit__grid">
                  {fields.map((field) => (
                    <FieldOf
                      key={field.path}
                      field={field}
                      text={draft[field.path] ?? ''}
                      fault={faults.get(field.path)}
                      onChange={(text) => setDraft((before) => ({ ...before, [field.path]: text }))}
                    />
                  ))}
                  {title === 'When' && (draft['cron.pattern'] ?? '') !== '' && (
                    <ScheduleWords pattern={draft['cron.pattern'] ?? ''} zone={draft['cron.timezone'] ?? ''} />
                  )}
                </div>
              </details>
            );
          })}
          <div>
            <button type="submit" className="button button--main" disabled={submit.isPending}>
              {submit.isPending ? 'Submitting' : 'Submit'}
            </button>
          </div>
        </div>
        <Same draft={draft} />
      </form>
    </div>
  );
}

interface FieldProps {
  field: Field;
  text: string;
  fault: string | undefined;
  onChange: (text: string) => void;
}

function FieldOf({ field: { path, label, kind, help, example }, text, fault, onChange }: FieldProps) {
  const queues = useQueues().data;
  const id = `field-${path}`;
  const about = `${id}-about`;
  const shared = {
    id,
    name: path,
    'aria-invalid': fault !== undefined,
    'aria-describedby': (fault ?? help) !== '' ? about : undefined,
    placeholder: example,
    spellCheck: false,
  };
  if (kind === 'check')
    return (
      <label className="submit__check">
        <input
          type="checkbox"
          name={path}
          checked={text === 'true'}
          onChange={({ target }) => onChange(String(target.checked))}
        />
        {label}
      </label>
    );
  const isLong = ['lines', 'pairs', 'area', 'command', 'json'].includes(kind);
  return (
    <div className={isLong ? 'submit__field submit__field--wide' : 'submit__field'}>
      <label htmlFor={id}>{label}</label>
      {isLong ? (
        <textarea
          {...shared}
          className="field mono"
          rows={Math.min(14, Math.max(kind === 'command' ? 3 : 2, text.split('\n').length))}
          autoFocus={kind === 'command'}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : (
        <input
          {...shared}
          className="field"
          type={kind === 'time' ? 'datetime-local' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : undefined}
          list={path === 'queue' ? 'queues' : undefined}
          value={text}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {path === 'queue' && (
        <datalist id="queues">
          {queues?.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
      {(fault ?? help) !== '' && (
        <span id={about} className={fault ? 'submit__fault small' : 'muted small'}>
          {fault ? `${label} ${fault}` : help}
        </span>
      )}
    </div>
  );
}

/** The same job for programs: what the form does, a script can do. */
function Same({ draft }: { draft: Draft }) {
  const [tab, setTab] = useState('curl');
  const { data: session } = useSession();
  const body = bodyOf(draft);
  const texts: Record<string, string> = {
    curl: curlOf(body, location.origin, session?.auth === 'oauth2'),
    cli: cliOf(body),
    json: JSON.stringify(body, null, 2),
  };
  const show = (id: string) => () => (
    <div className="submit__text">
      <CopyButton text={texts[id] ?? ''} label="Copy the text" />
      <pre tabIndex={0} aria-label="The job as text">
        {texts[id]}
      </pre>
    </div>
  );
  return (
    <aside className="panel submit__same" aria-label="The same for programs">
      <Tabs
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'curl', label: 'curl', content: show('curl') },
          { id: 'cli', label: 'Command line', content: show('cli') },
          { id: 'json', label: 'JSON', content: show('json') },
        ]}
      />
    </aside>
  );
}
