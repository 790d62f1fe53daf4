import { useMetricNames } from '../../api/alarms.js';
import { useNodes } from '../../api/nodes.js';
import { useQueues } from '../../api/queues.js';
import { metricWords } from '../../lib/metric.js';
import { useDebounced } from '../../lib/use-debounced.js';
import { Field } from '../../ui/field.js';
import { Actions } from './actions.js';
import { numberOf, type Draft, type Scope } from './draft.js';

const SCOPES: readonly [scope: Scope, words: string][] = [
  ['queue', 'Every job of a queue'],
  ['command', 'Every run of a command'],
  ['target', 'One job, one node or main'],
];
const WATCHED: Readonly<Record<Scope, string>> = {
  queue: 'Queue',
  command: 'Command',
  target: 'Job, node or main',
};
const WATCHED_HELP: Readonly<Record<Scope, string | undefined>> = {
  queue: undefined,
  command: 'Exactly this command line.',
  target: "A job's id, main, or Node: and its name.",
};

interface RuleFormProps {
  draft: Draft;
  faults: ReadonlyMap<string, string>;
  /** Nothing may be changed. */
  fixed: boolean;
  onChange: (change: Partial<Draft>) => void;
}

/** The fields of a rule. What says when it fires comes first. */
export function RuleForm({ draft, faults, fixed, onChange }: RuleFormProps) {
  const text = (field: Exclude<keyof Draft, 'actions' | 'enabled' | 'scope'>, label: string, more: More = {}) => (
    <Field name={field} label={label} help={more.help} fault={faults.get(field)} wide={more.rows !== undefined}>
      {(tied) =>
        more.rows === undefined ? (
          <input
            {...tied}
            className="field"
            spellCheck={false}
            list={more.list}
            placeholder={more.example}
            value={draft[field]}
            onChange={({ target }) => onChange({ [field]: target.value })}
          />
        ) : (
          <textarea
            {...tied}
            className="field mono"
            rows={more.rows}
            spellCheck={false}
            placeholder={more.example}
            value={draft[field]}
            onChange={({ target }) => onChange({ [field]: target.value })}
          />
        )
      }
    </Field>
  );
  const threshold = numberOf(draft.threshold);
  const said = typeof threshold === 'number' ? metricWords(draft.metric)(threshold) : undefined;
  return (
    <>
      <section className="panel" aria-labelledby="bench-condition">
        <div className="panel__head">
          <h2 id="bench-condition">When it fires</h2>
        </div>
        <div className="panel__body bench__grid">
          {text('name', 'Name', { example: 'too much memory' })}
          <Field name="scope" label="Looks at">
            {(tied) => (
              <select
                {...tied}
                className="field"
                value={draft.scope}
                onChange={({ target }) => onChange({ scope: target.value as Scope })}
              >
                {SCOPES.map(([scope, words]) => (
                  <option key={scope} value={scope}>
                    {words}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {text('watched', WATCHED[draft.scope], {
            help: WATCHED_HELP[draft.scope],
            // A command may have several lines.
            ...(draft.scope === 'command' ? { rows: 2 } : { list: 'bench-watched' }),
          })}
          {text('metric', 'Metric', { help: 'With its labels.', list: 'bench-metrics' })}
          <Field name="operator" label="Fires" fault={faults.get('operator')}>
            {(tied) => (
              <select
                {...tied}
                className="field"
                value={draft.operator}
                onChange={({ target }) => onChange({ operator: target.value })}
              >
                <option value=">">above the threshold</option>
                <option value="<">below the threshold</option>
                <option value="=">at exactly the threshold</option>
              </select>
            )}
          </Field>
          {text('threshold', 'Threshold', { help: said })}
          {text('for_s', 'For', { help: 'So long it has to hold: 30s, 5m, 2h.', example: '0s' })}
          {text('keep_for_s', 'Keeps firing for', { help: 'After it held no more.', example: '0s' })}
          {text('clear_threshold', 'Clears at', { help: 'Empty: at the threshold.' })}
          <Field name="no_data" label="Without a value" fault={faults.get('no_data')}>
            {(tied) => (
              <select
                {...tied}
                className="field"
                value={draft.no_data}
                onChange={({ target }) => onChange({ no_data: target.value })}
              >
                <option value="ok">it does not fire</option>
                <option value="alarm">it fires</option>
                <option value="keep">it stays as it was</option>
              </select>
            )}
          </Field>
        </div>
      </section>
      <Actions actions={draft.actions} faults={faults} fixed={fixed} onChange={(actions) => onChange({ actions })} />
      <details
        className="panel"
        open={['severity', 'labels', 'annotations', 'group_by', 'repeat_s'].some((one) => faults.has(one))}
      >
        <summary className="panel__head">
          <h2>How it is told</h2>
        </summary>
        <div className="panel__body bench__grid">
          {text('severity', 'Severity', { help: 'critical, warning, info, or a word of your own.' })}
          {text('repeat_s', 'Told again after', { help: 'While it fires. Empty: 4 hours.', example: '4h' })}
          {text('annotations', 'Texts for people', {
            rows: 2,
            help: 'name=text, one a line.',
            example: 'summary=It grows.',
          })}
          {text('labels', 'Labels', { rows: 2, help: 'name=value, one a line.', example: 'team=storage' })}
          {text('group_by', 'Told together by', { rows: 2, help: 'Labels, one a line. Empty: alertname.' })}
        </div>
      </details>
      <label className="bench__check">
        <input
          type="checkbox"
          name="enabled"
          checked={draft.enabled}
          onChange={({ target }) => onChange({ enabled: target.checked })}
        />
        It is watched
      </label>
      <Lists scope={draft.scope} watched={draft.watched} />
    </>
  );
}

interface More {
  help?: string | undefined;
  example?: string;
  list?: string;
  rows?: number;
}

/** Names that the fields complete. */
function Lists({ scope, watched }: { scope: Scope; watched: string }) {
  const { data: queues } = useQueues();
  const { data: nodes } = useNodes();
  const settled = useDebounced(watched.trim(), 500);
  const metrics = useMetricNames(scope === 'target' || settled === '' ? {} : { [scope]: settled });
  const names =
    scope === 'queue'
      ? queues?.map(({ name }) => name)
      : scope === 'target'
        ? ['main', ...(nodes ?? []).map(({ name }) => `Node: ${name}`)]
        : [];
  return (
    <>
      <datalist id="bench-watched">
        {names?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id="bench-metrics">
        {metrics.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
