import { useState } from 'react';
import type { Figure } from '../../api/types.js';
import { beyond, ratioWords, valueWords, verdictOf } from '../../lib/figures.js';
import { counted } from '../../lib/format.js';
import { titleOf } from './words.js';

/** A job may have thousands of metrics: so many rows show, and a text finds the others. */
const MOST_ROWS = 300;
/** From so many figures on a field to find one is worth its place. */
const MANY = 12;

interface FigureTableProps {
  title: string;
  figures: readonly Figure[];
  /** How many runs the ranges are of. */
  runs: number;
  /** The name of the other side. */
  other: string;
}

/** Figures of both with its ratio, and the range of the last runs. */
export function FigureTable({ title, figures, runs, other }: FigureTableProps) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = figures.filter(({ name }) => `${name} ${titleOf(name)}`.toLowerCase().includes(wanted));
  return (
    <section className="panel" aria-label={title}>
      <div className="panel__head compare__head">
        <h2>{title}</h2>
        {figures.length >= MANY && (
          <input
            className="field compare__find"
            type="search"
            aria-label="Find a figure"
            placeholder="Find a figure"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
        <span className="muted small" role="status">
          {found.length > MOST_ROWS
            ? `The first ${MOST_ROWS} of ${counted(found.length, 'figure')}: a text finds the others.`
            : counted(found.length, 'figure')}
        </span>
      </div>
      <div className="scroll-x" role="group" aria-label={`${title} of both`} tabIndex={0}>
        <table className="table compare__table">
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" className="number">
                This run
              </th>
              <th scope="col" className="number">
                {other}
              </th>
              <th scope="col" className="number">
                Ratio
              </th>
              <th scope="col">{runs === 0 ? 'Last runs' : `Last ${counted(runs, 'run')}`}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, MOST_ROWS).map((figure) => (
              <Row key={figure.name} figure={figure} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ figure }: { figure: Figure }) {
  const { name, job, with: beside, low, high, unit } = figure;
  const side = beyond(job, figure);
  const title = titleOf(name);
  return (
    <tr>
      <th scope="row" className="compare__figure" title={name}>
        {title === name ? <span className="mono">{name}</span> : title}
      </th>
      <td className="number">{valueWords(job, unit)}</td>
      <td className="number">{valueWords(beside, unit)}</td>
      <td className="number">
        <Ratio figure={figure} />
      </td>
      <td className="cell-line">
        {low === null || high === null ? (
          <span className="muted">–</span>
        ) : low === high ? (
          valueWords(low, unit)
        ) : (
          `${valueWords(low, unit)} to ${valueWords(high, unit)}`
        )}
        {side !== null && <span className="muted"> · it is {side}</span>}
      </td>
    </tr>
  );
}

/** A ratio; where more is worse or better it says so by shape, word and colour. */
function Ratio({ figure: { ratio, better } }: { figure: Figure }) {
  const verdict = verdictOf(ratio, better);
  if (verdict === null || verdict === 'same') return <span>{ratioWords(ratio)}</span>;
  return (
    <span className="state state--pill" data-tone={verdict === 'worse' ? 'bad' : 'good'}>
      <span aria-hidden="true">{verdict === 'worse' ? '▲' : '▼'}</span> {ratioWords(ratio)} {verdict}
    </span>
  );
}
