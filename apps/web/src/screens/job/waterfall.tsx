import { useExecutions } from '../../api/jobs.js';
import type { JobDetail } from '../../api/types.js';
import { spanOf, useNow } from '../../lib/time.js';
import { phasesOf } from './phases.js';

/** A part is drawn at least so wide, in percent: otherwise one of a millisecond is not seen. */
const THINNEST = 0.6;

/** The phases of each execution as a row: how long it waited, started, ran. */
export function Waterfall({ job }: { job: JobDetail }) {
  const { data } = useExecutions(job.id);
  const now = useNow();
  if (!data) return null;
  const rows = phasesOf(job, data, now).filter((row) => row.length > 0);
  if (rows.length === 0) return null;
  const all = rows.flat();
  const begin = Math.min(...all.map(({ from }) => from));
  const whole = Math.max(1, Math.max(...all.map(({ to }) => to)) - begin);
  return (
    <section className="waterfall" aria-label="Phases">
      {rows.map((row, at) => (
        <div key={at} className="waterfall__row">
          <span className="muted small">{data[at] ? `${data[at].epoch}. ${data[at].node}` : 'Now'}</span>
          <div className="waterfall__track">
            {row.map(({ name, tone, from, to }) => {
              const words = `${name} ${spanOf(to - from)}`;
              return (
                <span
                  key={name}
                  role="img"
                  aria-label={words}
                  title={words}
                  data-tone={tone}
                  style={{
                    left: `${((from - begin) / whole) * 100}%`,
                    width: `${Math.max(THINNEST, ((to - from) / whole) * 100)}%`,
                  }}
                />
              );
            })}
          </div>
          <span className="muted small waterfall__words cut">
            {row.map(({ name, from, to }) => `${name} ${spanOf(to - from)}`).join(', ')}
          </span>
        </div>
      ))}
    </section>
  );
}
