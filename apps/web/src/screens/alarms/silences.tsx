import { lazy, Suspense, useState } from 'react';
import { useEndSilence, useSilences } from '../../api/alarms.js';
import { useMay } from '../../api/session.js';
import type { Silence } from '../../api/types.js';
import { useNow } from '../../lib/time.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { Mark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { say, sayFault } from '../../ui/toast.js';

const SilenceDialog = lazy(() => import('../../ui/silence-dialog.js'));

/** Silences: what is silent, until when, who asked for it and why. */
export function Silences() {
  const { data, error, refetch } = useSilences();
  const may = useMay();
  const now = useNow();
  const [asks, setAsks] = useState(false);
  if (!data) return error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : <Bones />;
  const sorted = data.toSorted((a, b) => Date.parse(b.ends_at) - Date.parse(a.ends_at));
  return (
    <div className="alarms__list">
      {may('operate') && (
        <div>
          <button type="button" className="button" onClick={() => setAsks(true)}>
            Add a silence
          </button>
        </div>
      )}
      {sorted.length === 0 && (
        <Empty title="Nothing is silent.">
          <p>While a silence lasts, alarms are watched and recorded, but nobody is told of them.</p>
        </Empty>
      )}
      {sorted.length > 0 && (
        <div className="panel scroll-x">
          <table className="table" aria-label="Silences">
            <thead>
              <tr>
                <th scope="col">Alarms</th>
                <th scope="col">State</th>
                <th scope="col">Ends</th>
                <th scope="col">Why</th>
                <th scope="col">By</th>
                <th scope="col">
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((silence) => (
                <Row key={silence.id} silence={silence} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asks && (
        <Suspense fallback={null}>
          <SilenceDialog alarm={null} onClose={() => setAsks(false)} />
        </Suspense>
      )}
    </div>
  );
}

const wordsOf = ({ name, value, glob, equal }: Silence['matchers'][number]): string =>
  `${name} ${equal === false ? 'is not' : 'is'} ${glob ? 'like ' : ''}${value === '' ? '(nothing)' : value}`;

function Row({ silence, now }: { silence: Silence; now: number }) {
  const may = useMay();
  const endSilence = useEndSilence();
  const begins = Date.parse(silence.starts_at);
  const isOver = Date.parse(silence.ends_at) <= now;
  const words = silence.matchers.map(wordsOf).join(', ');
  return (
    <tr>
      <th scope="row" className="alarms__name">
        {words}
      </th>
      <td>
        {isOver ? (
          <Mark tone="off">over</Mark>
        ) : begins > now ? (
          <Mark tone="plan">planned</Mark>
        ) : (
          <Mark tone="wait">silent</Mark>
        )}
      </td>
      <td>
        <Ago at={silence.ends_at} />
      </td>
      <td className="alarms__words">{silence.comment || <span className="muted">–</span>}</td>
      <td className="alarms__scope">{silence.owner}</td>
      <td className="number">
        {may('operate') && !isOver && (
          <button
            type="button"
            className="button"
            aria-label={`End the silence where ${words}`}
            disabled={endSilence.isPending}
            onClick={() =>
              endSilence.mutate(silence.id, {
                onSuccess: () => say('The silence has ended.'),
                onError: sayFault,
              })
            }
          >
            End
          </button>
        )}
      </td>
    </tr>
  );
}
