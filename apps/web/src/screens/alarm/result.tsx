import { lazy, Suspense, useMemo, useState } from 'react';
import type { BacktestResult } from '../../api/types.js';
import { countOf } from '../../lib/format.js';
import { isBytes, metricWords } from '../../lib/metric.js';
import { spanOf } from '../../lib/time.js';
import { EntryLink } from '../../ui/entry-link.js';
import { Bones } from '../../ui/notices.js';
import { Ago } from '../../ui/time.js';
import type { Along } from './chart.js';
import { numberOf } from './draft.js';
import { rangeOf, type Range } from './scale.js';
import { Threshold } from './threshold.js';

const Chart = lazy(() => import('./chart.js'));

const SHOWN = 50;

interface ResultProps {
  result: BacktestResult;
  /** The rule has been changed since this was asked. */
  old: boolean;
  metric: string;
  threshold: string;
  along: Along;
  onThreshold: (value: number) => void;
}

/** The readings that the rule would have seen, its threshold among them, and when it would have fired. */
export function Result({ result, old, metric, threshold, along, onThreshold }: ResultProps) {
  const words = useMemo(() => metricWords(metric), [metric]);
  const [held, setHeld] = useState<Range | null>(null);
  const number = numberOf(threshold);
  const value = typeof number === 'number' ? number : null;
  const range = held ?? rangeOf(result.series, value === null ? [] : [value], isBytes(metric));
  const [low, high, binary] = range;
  const steady = useMemo((): Range => [low, high, binary], [low, high, binary]);
  return (
    <div className="bench__result" aria-busy={old}>
      <p role="status" className="bench__summary">
        {result.summary}
      </p>
      <Suspense fallback={<Bones rows={8} />}>
        <Chart series={result.series} firings={result.firings} along={along} range={steady} words={words}>
          {value !== null && (
            <Threshold
              value={value}
              range={steady}
              words={words}
              onChange={onThreshold}
              onHold={(holds) => setHeld(holds ? steady : null)}
            />
          )}
        </Chart>
      </Suspense>
      <Firings result={result} words={words} />
    </div>
  );
}

function Firings({ result, words }: { result: BacktestResult; words: (value: number) => string }) {
  const { firings, fired, seen } = result;
  if (firings.length === 0) return null;
  const names = new Map(seen.map(({ job, name }) => [job, name]));
  return (
    <div className="scroll-x">
      <table className="table" aria-label="It would have fired">
        <thead>
          <tr>
            <th scope="col">On</th>
            <th scope="col">Fired</th>
            <th scope="col">For</th>
            <th scope="col" className="number">
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          {firings.slice(0, SHOWN).map((firing) => (
            <tr key={`${firing.job} ${firing.fired_at}`}>
              <th scope="row" className="bench__job">
                <EntryLink entry={firing.job} name={names.get(firing.job) ?? null} />
              </th>
              <td>
                <Ago at={firing.fired_at} />
              </td>
              <td>
                {firing.seconds === null ? (
                  <span className="muted">not known</span>
                ) : (
                  `${spanOf(firing.seconds * 1000)}${firing.ended_at === null ? ', still' : ''}`
                )}
              </td>
              <td className="number">{firing.value === null ? 'none' : words(firing.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fired > SHOWN && <p className="muted bench__more">and {countOf(fired - SHOWN)} more times</p>}
    </div>
  );
}
