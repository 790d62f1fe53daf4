import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Fault } from '../../api/fault.js';
import { useInvite } from '../../api/nodes.js';
import type { NewInvitation } from '../../api/types.js';
import { Field } from '../../ui/field.js';
import { FaultNotice } from '../../ui/notices.js';
import { bodyOf, faultsByField, NEW_DRAFT, type InvitationDraft } from './draft.js';

const HOUR_S = 3_600;
/** The times that the API takes, from a minute to a week. */
const LENGTHS: readonly [seconds: number, words: string][] = [
  [HOUR_S / 6, '10 minutes'],
  [HOUR_S, '1 hour'],
  [8 * HOUR_S, '8 hours'],
  [24 * HOUR_S, '1 day'],
  [7 * 24 * HOUR_S, '1 week'],
];
const TEXTS = [
  { name: 'queues', label: 'Queues', example: 'build, gpu', help: 'It serves these and no others. Empty: default.' },
  { name: 'labels', label: 'Labels', example: 'zone=a, disk=fast', help: 'It bears these and no others.' },
  { name: 'slots', label: 'Slots at most', example: '8', help: 'Empty: as many as it likes.' },
] as const;

/** The terms on which one machine may come. A fault shows at its field, in the words of the API. */
export function InviteForm({ onMade }: { onMade: (made: NewInvitation) => void }) {
  const [draft, setDraft] = useState<InvitationDraft>(NEW_DRAFT);
  const invite = useInvite();
  const form = useRef<HTMLFormElement>(null);
  const faults = faultsByField(invite.error instanceof Fault ? invite.error.fields : []);
  useEffect(() => {
    // The first field with a fault has the focus: there is something to do.
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [invite.error]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    invite.mutate(bodyOf(draft), { onSuccess: onMade });
  };
  return (
    <form ref={form} className="stack" aria-label="Invite a node" onSubmit={send} noValidate>
      <p className="muted">
        An invitation lets one machine in, once. The node has a key of its own, and its jobs come over the API.
      </p>
      {invite.error && faults.size === 0 && <FaultNotice error={invite.error} />}
      {TEXTS.map(({ name, label, example, help }) => (
        <Field key={name} name={name} label={label} help={help} fault={faults.get(name)}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              inputMode={name === 'slots' ? 'numeric' : undefined}
              placeholder={example}
              spellCheck={false}
              autoComplete="off"
              value={draft[name]}
              onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
            />
          )}
        </Field>
      ))}
      <Field name="expires_s" label="Can be used for" fault={faults.get('expires_s')}>
        {(tied) => (
          <select
            {...tied}
            className="field"
            value={draft.expires_s}
            onChange={({ target }) => setDraft({ ...draft, expires_s: Number(target.value) })}
          >
            {LENGTHS.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label className="stack__check">
        <input
          type="checkbox"
          checked={draft.ticket_login}
          onChange={({ target }) => setDraft({ ...draft, ticket_login: target.checked })}
        />
        It gets a login to the ticket store, which it then has to reach
      </label>
      <div>
        <button type="submit" className="button button--main" disabled={invite.isPending}>
          Invite the machine
        </button>
      </div>
    </form>
  );
}
