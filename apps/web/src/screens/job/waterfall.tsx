import { useState } from 'react';
import { usePhases } from '../../api/jobs.js';
import type { Attempt, JobDetail } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { spanOf, useNow } from '../../lib/time.js';
import { endsOf, PHASES, phasesOf, slownessOf, type Phase } from './phases.js';

/** A part is drawn at least so wide, in percent: otherwise one of a millisecond is not seen. */
const THINNEST = 0.6;

const keyOf = ({ execution_id: id }: Attempt): string => id ?? 'waits';
const nameOf = ({ attempt, node }: Attempt): string => `${attempt}. ${node ?? 'waits'}`;

/** A row for each attempt, and the steps of the chosen one beside what they mostly take. */
export function Waterfall({ job }: { job: JobDetail }) {
  const { data } = usePhases(job.id);
  const now = useNow();
  const [chosen, setChosen] = useState<string | null>(null);
  if (!data) return null;
  const ends = endsOf(data.attempts, job.finished_at);
  const rows = data.attempts.map((attempt, at) => ({ attempt, phases: phasesOf(attempt, now, ends[at] ?? null) }));
  const drawn = rows.filter(({ phases }) => phases.length > 0);
  const shown = drawn.find(({ attempt }) => keyOf(attempt) === chosen) ?? drawn.at(-1);
  if (shown === undefined) return null;
  const all = drawn.flatMap(({ phases }) => phases);
  const begin = Math.min(...all.map(({ from }) => from));
  const whole = Math.max(1, Math.max(...all.map(({ to }) => to)) - begin);
  return (
    <section className="waterfall" aria-label="Phases">
      <div className="waterfall__rows">
        {drawn.map(({ attempt, phases }) => (
          <button
            key={keyOf(attempt)}
            type="button"
            className="waterfall__row"
            aria-pressed={attempt === shown.attempt}
            onClick={() => setChosen(keyOf(attempt))}
          >
            <span className="small cut">{nameOf(attempt)}</span>
            <span className="waterfall__track">
              {phases.map(({ name, from, to }) => (
                <span
                  key={name}
                  data-tone={PHASES[name].tone}
                  data-phase={name}
                  title={`${PHASES[name].label} ${spanOf(to - from)}, ${PHASES[name].does}`}
                  style={{
                    left: `${((from - begin) / whole) * 100}%`,
                    width: `${Math.max(THINNEST, ((to - from) / whole) * 100)}%`,
                  }}
                />
              ))}
            </span>
          </button>
        ))}
      </div>
      <dl className="steps">
        {shown.phases.map((phase) => (
          <Step key={phase.name} phase={phase} runs={data.median_runs} queue={job.queue} />
        ))}
      </dl>
    </section>
  );
}

function Step({ phase, runs, queue }: { phase: Phase; runs: number; queue: string }) {
  const { label, tone, does } = PHASES[phase.name];
  const slow = slownessOf(phase);
  const usual = phase.median === null ? null : spanOf(phase.median);
  const base =
    usual === null
      ? 'There is nothing to compare it with.'
      : phase.name === 'running'
        ? `Half of the last runs of this command that succeeded took at most ${usual}.`
        : `Half of the last ${counted(runs, 'run')} of ${queue} took at most ${usual}.`;
  return (
    <div title={`${label}: ${does}. ${base}`}>
      <dt>
        <span className="steps__dot" data-tone={tone} aria-hidden="true" />
        {label}
      </dt>
      <dd>
        {spanOf(phase.to - phase.from)}
        {phase.open && <span className="muted"> so far</span>}
        {usual !== null && (
          <span className="muted small">
            {' '}
            mostly {usual}
            {slow !== null && (
              <strong className="steps__slow">, {slow >= 10 ? Math.round(slow) : slow.toFixed(1)}×</strong>
            )}
          </span>
        )}
      </dd>
    </div>
  );
}
