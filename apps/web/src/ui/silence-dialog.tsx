import { useId, useState } from 'react';
import { useSilence } from '../api/alarms.js';
import type { ActiveAlarm, NewSilence } from '../api/types.js';
import { spanOf } from '../lib/time.js';
import { Dialog } from './dialog.js';
import { FaultNotice } from './notices.js';
import { say } from './toast.js';

const HOUR_MS = 3_600_000;
const LENGTHS: readonly [ms: number, words: string][] = [
  [HOUR_MS / 2, '30 minutes'],
  [2 * HOUR_MS, '2 hours'],
  [8 * HOUR_MS, '8 hours'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '1 week'],
];

interface SilenceDialogProps {
  /** Null: the alarm is asked for by its name, in which `*` stands for any text. */
  alarm: Pick<ActiveAlarm, 'name' | 'entry' | 'job_name'> | null;
  onClose: () => void;
}

/** Asks which alarm is to be silent, where, for how long and why. */
export default function SilenceDialog({ alarm, onClose }: SilenceDialogProps) {
  const id = useId();
  const silence = useSilence();
  const [name, setName] = useState('');
  const [here, setHere] = useState(false);
  const [lengthMs, setLength] = useState(2 * HOUR_MS);
  const [comment, setComment] = useState('');
  const title = alarm ? `Silence ${alarm.name}?` : 'Add a silence';
  const send = (): void => {
    const exact = { glob: false, equal: true };
    const matchers: NewSilence['matchers'] = [
      alarm
        ? { name: 'alertname', value: alarm.name, ...exact }
        : { name: 'alertname', value: name, glob: name.includes('*'), equal: true },
      ...(alarm && here ? [{ name: 'entry', value: alarm.entry, ...exact }] : []),
    ];
    const body = { matchers, ends_at: new Date(Date.now() + lengthMs).toISOString(), comment };
    silence.mutate(body, {
      onSuccess: () => {
        say(`${alarm?.name ?? name} is silent for ${spanOf(lengthMs)}.`);
        onClose();
      },
    });
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button
            type="button"
            className="button button--main"
            disabled={silence.isPending || (alarm === null && name === '')}
            onClick={send}
          >
            Silence it
          </button>
        </>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <p className="muted">It is watched and recorded as before, but nobody is told, and it cancels nothing.</p>
        {silence.error && <FaultNotice error={silence.error} />}
        {alarm === null && (
          <div>
            <label htmlFor={`${id}-name`}>Alarms of this name</label>
            <input
              id={`${id}-name`}
              className="field"
              value={name}
              placeholder="memory*"
              onChange={({ target }) => setName(target.value)}
            />
          </div>
        )}
        <div>
          <label htmlFor={`${id}-for`}>For</label>
          <select
            id={`${id}-for`}
            className="field"
            value={lengthMs}
            onChange={({ target }) => setLength(Number(target.value))}
          >
            {LENGTHS.map(([ms, words]) => (
              <option key={ms} value={ms}>
                {words}
              </option>
            ))}
          </select>
        </div>
        {alarm && (
          <label className="stack__check">
            <input type="checkbox" checked={here} onChange={({ target }) => setHere(target.checked)} />
            Only on {alarm.job_name ?? alarm.entry}
          </label>
        )}
        <div>
          <label htmlFor={`${id}-why`}>Why, for others</label>
          <input
            id={`${id}-why`}
            className="field"
            value={comment}
            onChange={({ target }) => setComment(target.value)}
          />
        </div>
      </form>
    </Dialog>
  );
}
