import { Field } from '../../ui/field.js';
import type { ActionDraft } from './draft.js';

/** Actions that the API takes. */
const MOST = 20;

interface ActionsProps {
  actions: readonly ActionDraft[];
  faults: ReadonlyMap<string, string>;
  /** Nothing may be changed. */
  fixed: boolean;
  onChange: (actions: readonly ActionDraft[]) => void;
}

/** The acts of an alarm when it begins and ends: webhooks, mails, the end of the job. */
export function Actions({ actions, faults, fixed, onChange }: ActionsProps) {
  const change = (at: number, part: Partial<ActionDraft>): void =>
    onChange(actions.map((action, place) => (place === at ? { ...action, ...part } : action)));
  return (
    <section className="panel" aria-labelledby="bench-actions">
      <div className="panel__head">
        <h2 id="bench-actions">What it does</h2>
      </div>
      <div className="panel__body bench__actions">
        {actions.length === 0 && <p className="muted">It shows here and on the first screen, and tells nobody else.</p>}
        {actions.map((action, at) => {
          const fault = faults.get(`actions.${at}`);
          return (
            // Actions have no names: their place is what the API calls them by.
            // eslint-disable-next-line react/no-array-index-key
            <div key={at} className="bench__action">
              <Field name={`actions.${at}.type`} label="Action" fault={action.type === 'cancel' ? fault : undefined}>
                {(tied) => (
                  <select
                    {...tied}
                    className="field"
                    value={action.type}
                    onChange={({ target }) => change(at, { type: target.value as ActionDraft['type'] })}
                  >
                    <option value="webhook">Webhook</option>
                    <option value="mail">Mail</option>
                    <option value="cancel">Cancel the job</option>
                  </select>
                )}
              </Field>
              {action.type === 'webhook' && (
                <Field name={`actions.${at}.url`} label="URL" help="In Alertmanager's format." fault={fault}>
                  {(tied) => (
                    <input
                      {...tied}
                      className="field"
                      spellCheck={false}
                      placeholder="https://example.org/hook"
                      value={action.url}
                      onChange={({ target }) => change(at, { url: target.value })}
                    />
                  )}
                </Field>
              )}
              {action.type === 'mail' && (
                <Field name={`actions.${at}.to`} label="To" help="Addresses, with commas between." fault={fault}>
                  {(tied) => (
                    <input
                      {...tied}
                      className="field"
                      spellCheck={false}
                      placeholder="ops@example.org"
                      value={action.to}
                      onChange={({ target }) => change(at, { to: target.value })}
                    />
                  )}
                </Field>
              )}
              {!fixed && (
                <button
                  type="button"
                  className="button"
                  aria-label={`Remove action ${at + 1}`}
                  onClick={() => onChange(actions.filter((_, place) => place !== at))}
                >
                  Remove
                </button>
              )}
            </div>
          );
        })}
        {!fixed && actions.length < MOST && (
          <button
            type="button"
            className="button bench__add"
            onClick={() => onChange([...actions, { type: 'webhook', url: '', to: '' }])}
          >
            Add an action
          </button>
        )}
      </div>
    </section>
  );
}
