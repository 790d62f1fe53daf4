import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Fault } from '../../api/fault.js';
import { useAddTarget } from '../../api/targets.js';
import { FaultNotice } from '../../ui/notices.js';
import { say } from '../../ui/toast.js';
import { bodyOf, EMPTY, type TargetDraft } from './draft.js';

const FIELDS = [
  { name: 'address', label: 'Address', example: 'localhost:9100', help: 'Host and port. It has to answer now.' },
  { name: 'period_s', label: 'Every, in seconds', example: '5', help: 'Empty: as the server is set.' },
  { name: 'job', label: 'Job', example: '', help: 'Its id: scraped while it runs, and part of its metrics.' },
] as const;

/** Adds a target. A fault shows at its field, in the words of the API. */
export function AddForm() {
  const [draft, setDraft] = useState<TargetDraft>(EMPTY);
  const add = useAddTarget();
  const form = useRef<HTMLFormElement>(null);
  const faults = new Map(
    add.error instanceof Fault ? add.error.fields.map(({ field, message }) => [field, message]) : [],
  );
  useEffect(() => {
    // The first field with a fault has the focus: there is something to do.
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [add.error]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(bodyOf(draft), {
      onSuccess: ({ address }) => {
        say(`${address} is scraped.`);
        setDraft(EMPTY);
      },
    });
  };
  return (
    <form ref={form} className="panel targets__form" aria-label="Add a target" onSubmit={send} noValidate>
      {FIELDS.map(({ name, label, example, help }) => {
        const fault = faults.get(name);
        const about = `target-${name}-about`;
        return (
          <div key={name} className="targets__field">
            <label htmlFor={`target-${name}`}>{label}</label>
            <input
              id={`target-${name}`}
              className="field"
              inputMode={name === 'period_s' ? 'decimal' : undefined}
              placeholder={example}
              spellCheck={false}
              autoComplete="off"
              aria-invalid={fault !== undefined}
              aria-describedby={about}
              value={draft[name]}
              onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
            />
            <span id={about} className={fault ? 'targets__fault small' : 'muted small'}>
              {fault ? `${label} ${fault}` : help}
            </span>
          </div>
        );
      })}
      <label className="targets__check">
        <input
          type="checkbox"
          checked={draft.keep}
          onChange={({ target }) => setDraft({ ...draft, keep: target.checked })}
        />
        Keep it when it fails
      </label>
      <button type="submit" className="button button--main" disabled={add.isPending}>
        {add.isPending ? 'Asking it' : 'Add'}
      </button>
      {add.error && faults.size === 0 && <FaultNotice error={add.error} />}
    </form>
  );
}
