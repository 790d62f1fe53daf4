import { useState } from 'react';
import { enrolLine } from '@drover/client';
import { useInvitations, useNodes } from '../../api/nodes.js';
import type { Invitation, NewInvitation } from '../../api/types.js';
import { exactOf } from '../../lib/time.js';
import { Field } from '../../ui/field.js';
import { CommandLine } from '../../ui/notices.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { addressOf, isOwnMachine } from './draft.js';

/** The line to run on the new machine, until when it works, and how far the machine has come. */
export function Invited({ made }: { made: NewInvitation }) {
  const [typed, setTyped] = useState(made.public_url ?? location.origin);
  const address = addressOf(typed);
  const { data: invitations } = useInvitations();
  const now = invitations?.find(({ id }) => id === made.id) ?? made;
  return (
    <div className="stack">
      {now.state === 'open' && (
        <>
          <Field
            name="address"
            label="The machine finds the API at"
            help={address === null ? undefined : dangerOf(address)}
            fault={address === null ? 'must be an address, e.g. https://broker.lab.example:8080' : undefined}
          >
            {(tied) => (
              <input
                {...tied}
                className="field"
                spellCheck={false}
                autoComplete="off"
                value={typed}
                onChange={({ target }) => setTyped(target.value)}
              />
            )}
          </Field>
          <p>Run this on the new machine, where Drover is installed. It is shown this once:</p>
          {address !== null && <CommandLine text={enrolLine(address, made)} />}
        </>
      )}
      <p role="status">
        <Progress invitation={now} />
      </p>
      {now.state === 'used' && <Started name={now.used_by ?? ''} />}
    </div>
  );
}

/** Advice on an address, before a machine is sent there. */
function dangerOf(address: string): string | undefined {
  if (isOwnMachine(address)) return 'For another machine, give the address at which it finds this one.';
  if (address.startsWith('http:'))
    return 'It is not encrypted: the token and the key of the node go over the network in clear.';
  return undefined;
}

function Progress({
  invitation: { state, expires_at: expires, used_by: node, used_from: from },
}: {
  invitation: Invitation;
}) {
  if (state === 'used')
    return (
      <>
        <Mark tone="good">used</Mark> {node} is enrolled{from ? `, from ${from}` : ''}.
      </>
    );
  if (state === 'revoked') return <Mark tone="off">revoked</Mark>;
  if (state === 'expired') return <Mark tone="off">expired</Mark>;
  return (
    <>
      <Mark tone="wait">open</Mark> It works once, until {exactOf(Date.parse(expires))} (<Ago at={expires} />
      ).
    </>
  );
}

/** The node once its worker is there; before that, what starts it. */
function Started({ name }: { name: string }) {
  const { data: nodes } = useNodes();
  const node = nodes?.find((one) => one.name === name);
  if (node && node.state !== 'offline')
    return (
      <p role="status">
        <Mark tone="good">{node.state}</Mark> {name} serves {node.queues.join(', ')}.
      </p>
    );
  return (
    <>
      <p>Now start its worker there, by systemd or in the foreground:</p>
      <CommandLine text="systemctl enable --now drover-worker" label="Copy the command for systemd" />
      <CommandLine text="drover worker" label="Copy the command for the foreground" />
    </>
  );
}
