import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { LogPattern } from '../../api/logs.js';
import { linesNear, type Found } from './hits.js';
import { LineRow } from './line-row.js';
import { marksOf, timeOf, type TimeColumn } from './line-text.js';
import { ROW } from './scroll-scale.js';

interface HitListProps {
  found: Found;
  /** Lines around each hit that show. */
  around: number;
  pattern: LogPattern;
  times: TimeColumn;
  firstAt: string | null;
  onGoTo: (number: number) => void;
}

/** The hits alone, with the lines around them. The number of a line leads to it in the whole log. */
export function HitList({ found, around, pattern, times, firstAt, onGoTo }: HitListProps) {
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesNear(found, around), [found, around]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  return (
    <div ref={box} className="log__box mono" tabIndex={0} role="region" aria-label="Hits">
      <div className="log__space" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (!line) return null;
          const before = lines[index - 1];
          return (
            <div
              key={line.number}
              className="hit"
              data-apart={(before !== undefined && before.number + 1 < line.number) || undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              <LineRow
                number={line.number}
                line={line}
                time={times === 'none' ? null : timeOf(times, line, firstAt, before)}
                chosen={false}
                marks={
                  line.ranges && found.hits.has(line.number)
                    ? marksOf(line.text, line.ranges, pattern.kind === 'text' ? pattern.text : null, pattern.exact)
                    : null
                }
                present={false}
                onChoose={onGoTo}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
