import './alarm.css';
import { useEffect, useMemo, useState, type FormEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAlarm, useBacktest, useDeleteAlarm, useSaveAlarm } from '../../api/alarms.js';
import { Fault } from '../../api/fault.js';
import { useMay } from '../../api/session.js';
import type { Alarm, BacktestResult } from '../../api/types.js';
import { useAddress, withParts } from '../../lib/address.js';
import { expressionOf } from '../../lib/metric.js';
import { useDebounced } from '../../lib/use-debounced.js';
import { useTitle } from '../../lib/use-title.js';
import { Dialog } from '../../ui/dialog.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { say, sayFault } from '../../ui/toast.js';
import type { Along } from './chart.js';
import { addressOf, bodyOf, conditionOf, draftOf, faultsByField, NEW_DRAFT, withAddress, type Draft } from './draft.js';
import { Result } from './result.js';
import { RuleForm } from './rule-form.js';

/** A rule is tried against the past once it has stayed the same for so long. */
const SETTLED_MS = 300;
const DAY_S = 86_400;
const WINDOWS: readonly [days: string, words: string][] = [
  ['1', 'the last day'],
  ['7', 'the last 7 days'],
  ['30', 'the last 30 days'],
  ['90', 'the last 90 days'],
];
const FIELDS: ReadonlySet<string> = new Set(Object.keys(NEW_DRAFT));

/** The bench on which a rule is written: the rule on one side, what it would have done on the other. */
export default function AlarmScreen() {
  const { id } = useParams();
  return id === undefined ? <New /> : <Existing key={id} id={id} />;
}

function New() {
  useTitle('New alarm');
  return <Bench alarm={null} />;
}

function Existing({ id }: { id: string }) {
  const { data, error } = useAlarm(id);
  useTitle(data?.name ?? 'Alarm');
  if (data) return <Bench alarm={data} />;
  return (
    <div className="screen">
      <h1 className="unseen">Alarm</h1>
      {error ? <FaultNotice error={error} /> : <Bones />}
    </div>
  );
}

function Bench({ alarm }: { alarm: Alarm | null }) {
  const may = useMay();
  const mayChange = may('operate');
  const { search, change: changeAddress } = useAddress();
  const [first, setFirst] = useState<Draft>(() => (alarm ? draftOf(alarm) : NEW_DRAFT));
  const [draft, setDraft] = useState<Draft>(() => withAddress(first, search));
  const settled = useDebounced(draft, SETTLED_MS);
  const days = WINDOWS.find(([one]) => one === search.get('days'))?.[0] ?? '30';
  const along: Along = search.get('along') === 'time' ? 'time' : 'start';
  const rule = useMemo(() => (mayChange ? conditionOf(settled) : null), [settled, mayChange]);
  const tried = useBacktest(rule, Number(days) * DAY_S);
  const [last, setLast] = useState<BacktestResult | null>(null);
  if (tried.data && !tried.isPlaceholderData && tried.data !== last) setLast(tried.data);
  // There is no answer to a rule that the API refuses: the one before stays, and is marked as old.
  const result = tried.data ?? (tried.error ? last : null);
  const save = useSaveAlarm();
  const navigate = useNavigate();
  // An older draft beside the alarm that was saved just now would put back what was changed.
  useEffect(() => {
    if (settled === draft) changeAddress((newest) => addressOf(settled, first, newest));
  }, [settled, draft, first, changeAddress]);
  const refused = save.error ?? tried.error;
  const faults = useMemo(() => faultsByField(refused instanceof Fault ? refused.fields : [], FIELDS), [refused]);
  const general = refused && (faults.size === 0 ? refused : faults.get('') && new Error(faults.get('')));
  const change = (part: Partial<Draft>): void => {
    if (save.error) save.reset();
    setDraft((before) => ({ ...before, ...part }));
  };
  const put = (name: string, value: string | null): void =>
    changeAddress((newest) => withParts(newest, { [name]: value }));
  const send = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(
      { id: alarm?.id ?? null, body: bodyOf(draft) },
      {
        onSuccess: (saved) => {
          say(alarm ? `${saved.name} is changed.` : `${saved.name} is watched from now on.`);
          if (alarm) setFirst(draft);
          else void navigate(`/alarms/${saved.id}`, { replace: true });
        },
      },
    );
  };
  return (
    <div className="screen">
      <Head alarm={alarm} mayChange={mayChange} />
      {!mayChange && alarm === null && <Empty title="Alarms are made by operators: this client may only look." />}
      {(mayChange || alarm !== null) && (
        <div className={mayChange ? 'bench' : 'bench bench--alone'}>
          <form className="bench__form" onSubmit={send} noValidate aria-label="The rule">
            {general && <FaultNotice error={general} />}
            <fieldset className="bench__fields" disabled={!mayChange}>
              <RuleForm draft={draft} faults={faults} fixed={!mayChange} onChange={change} />
            </fieldset>
            {mayChange && (
              <div>
                <button type="submit" className="button button--main" disabled={save.isPending}>
                  {alarm ? 'Save' : 'Add the alarm'}
                </button>
              </div>
            )}
          </form>
          {mayChange && (
            <section className="panel bench__past" aria-labelledby="bench-past">
              <div className="panel__head bench__tools">
                <h2 id="bench-past">What it would have done</h2>
                <select
                  className="field push"
                  aria-label="In"
                  value={days}
                  onChange={({ target }) => put('days', target.value === '30' ? null : target.value)}
                >
                  {WINDOWS.map(([one, words]) => (
                    <option key={one} value={one}>
                      in {words}
                    </option>
                  ))}
                </select>
                <select
                  className="field"
                  aria-label="Along"
                  value={along}
                  onChange={({ target }) => put('along', target.value === 'time' ? 'time' : null)}
                >
                  <option value="start">from the start of each job</option>
                  <option value="time">as the clock had it</option>
                </select>
              </div>
              {result ? (
                <Result
                  result={result}
                  old={result !== tried.data || tried.isPlaceholderData || tried.isFetching || settled !== draft}
                  metric={draft.metric}
                  threshold={draft.threshold}
                  along={along}
                  onThreshold={(value) => change({ threshold: String(value) })}
                />
              ) : rule === null ? (
                <p className="panel__body muted">Say what it looks at, its metric and its threshold.</p>
              ) : (
                !tried.error && <Bones rows={8} />
              )}
            </section>
          )}
        </div>
      )}
    </div>
  );
}

function Head({ alarm, mayChange }: { alarm: Alarm | null; mayChange: boolean }) {
  const [asks, setAsks] = useState(false);
  const remove = useDeleteAlarm();
  const navigate = useNavigate();
  if (!alarm)
    return (
      <header className="screen__head">
        <h1>New alarm</h1>
      </header>
    );
  const firing = alarm.states.filter(({ state }) => state === 'firing').length;
  return (
    <>
      <header className="screen__head">
        <h1 className="bench__title">{alarm.name}</h1>
        {firing > 0 && <Mark tone="bad">firing</Mark>}
        {!alarm.enabled && <Mark tone="off">off</Mark>}
        <Link className="button push" to={`/alarms?tab=history&alarm=${alarm.id}`}>
          History
        </Link>
        {mayChange && (
          <button type="button" className="button button--danger" onClick={() => setAsks(true)}>
            Delete
          </button>
        )}
      </header>
      <p className="muted bench__about">
        {expressionOf(alarm)}. By {alarm.owner},{' '}
        {alarm.last_fired_at === null ? (
          'never fired'
        ) : (
          <>
            fired last <Ago at={alarm.last_fired_at} />
          </>
        )}
        .
      </p>
      {asks && (
        <Dialog
          title={`Delete ${alarm.name}?`}
          onClose={() => setAsks(false)}
          foot={
            <>
              <button type="button" className="button" onClick={() => setAsks(false)}>
                Leave it
              </button>
              <button
                type="button"
                className="button button--danger"
                disabled={remove.isPending}
                onClick={() =>
                  remove.mutate(alarm.id, {
                    onSuccess: () => void navigate('/alarms'),
                    onError: sayFault,
                  })
                }
              >
                Delete the alarm
              </button>
            </>
          }
        >
          <p className="muted">It is watched no more. What it did stays in the history.</p>
        </Dialog>
      )}
    </>
  );
}
