import { useEffect } from 'react';
import type { LogPattern } from '../../api/logs.js';
import { lineOf, type Fold } from './folds.js';
import type { Found } from './hits.js';
import type { LinePages } from './line-pages.js';
import { LineRow } from './line-row.js';
import { marksOf, timeOf, type LineRange, type TimeColumn } from './line-text.js';
import { Ruler } from './ruler.js';
import type { LineScroll } from './use-line-scroll.js';

interface LineBoxProps {
  pages: LinePages;
  scroll: LineScroll;
  wraps: boolean;
  times: TimeColumn;
  /** The time of the first line; null while there is none. */
  firstAt: string | null;
  chosen: LineRange | null;
  found: Found | null;
  pattern: LogPattern | null;
  /** The number of the hit that was gone to. */
  presentHit: number | null;
  hasGap: boolean;
  folds: readonly Fold[];
  /** Folds or opens the group that begins with this line. */
  onFold: (number: number) => void;
  /** Shows a line of the whole log. */
  onGoTo: (number: number) => void;
  onChoose: (number: number, more: boolean) => void;
}

/** The lines that show, and the ruler beside them. */
export function LineBox(props: LineBoxProps) {
  const { pages, scroll, wraps, times, firstAt, chosen, found, pattern, presentHit, hasGap, onChoose } = props;
  const { folds, onFold, onGoTo } = props;
  const { first, last } = scroll;
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => lineOf(folds, first + at));
  useEffect(() => pages.want(numbers));
  return (
    <div className="log__main">
      <div
        ref={scroll.setBox}
        className="log__box mono"
        data-wraps={wraps || undefined}
        tabIndex={0}
        role="region"
        aria-label="Lines of the log"
        onScroll={scroll.onScroll}
        onKeyDown={scroll.onKeyDown}
      >
        <div className="log__space" style={{ height: Math.max(scroll.height, 1) }}>
          <div className="log__layer" style={{ height: scroll.view }}>
            <div ref={scroll.drawn} className="log__drawn">
              {numbers.map((number) => {
                const line = pages.line(number);
                const hit = found?.hits.get(number);
                return (
                  <LineRow
                    key={number}
                    number={number}
                    line={line}
                    time={times === 'none' ? null : line ? timeOf(times, line, firstAt, pages.line(number - 1)) : ''}
                    chosen={chosen !== null && number >= chosen.first && number <= chosen.last}
                    marks={
                      hit && line
                        ? marksOf(
                            line.text,
                            hit.skipped === 0 ? (hit.ranges ?? []) : [],
                            pattern?.kind === 'text' ? pattern.text : null,
                            pattern?.exact ?? false,
                          )
                        : null
                    }
                    present={number === presentHit}
                    folded={folds.find((fold) => fold.first === number)}
                    onFold={onFold}
                    onChoose={onChoose}
                  />
                );
              })}
            </div>
          </div>
        </div>
      </div>
      <Ruler
        hits={found?.hits.keys() ?? []}
        total={pages.total}
        chosen={chosen?.first ?? null}
        hasGap={hasGap}
        onGoTo={onGoTo}
      />
    </div>
  );
}
