import { memo, type MouseEvent } from 'react';
import type { LogLine } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { Icon } from '../icons.js';
import { GROUP, GROUP_END, type Fold } from './folds.js';
import { shownPieces } from './line-text.js';

interface LineRowProps {
  number: number;
  /** Undefined while it is being read. */
  line: Pick<LogLine, 'text' | 'stream' | 'cut'> | undefined;
  /** Null: no column of times. */
  time: string | null;
  chosen: boolean;
  /** Hits, as characters of what shows; null: the line is none. */
  marks: readonly [number, number][] | null;
  /** The hit that was gone to. */
  present: boolean;
  /** The fold of the group that begins here; undefined: none, or it is open. */
  folded?: Fold | undefined;
  /** Absent: groups are not folded here. */
  onFold?: (number: number) => void;
  onChoose: (number: number, more: boolean) => void;
}

/** The name of a group where it begins, nothing where it ends. */
function withoutGroup(text: string): string {
  if (text.startsWith(GROUP_END)) return '';
  return text.startsWith(GROUP) ? text.slice(GROUP.length) : text;
}

/** One line: its number, which chooses it, its time and its text. */
export const LineRow = memo(function LineRow({
  number,
  line,
  time,
  chosen,
  marks,
  present,
  folded,
  onFold,
  onChoose,
}: LineRowProps) {
  const onClick = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onChoose(number, event.shiftKey);
  };
  const beginsGroup = onFold !== undefined && line?.text.startsWith(GROUP) === true;
  // Marks count the characters of the whole line.
  const shown = marks || onFold === undefined ? (line?.text ?? '') : withoutGroup(line?.text ?? '');
  return (
    <div
      className="line"
      data-line={number}
      data-stream={line?.stream}
      data-chosen={chosen || undefined}
      data-hit={marks === null ? undefined : present ? 'present' : 'hit'}
    >
      <a className="line__number" href={`#L${number}`} tabIndex={-1} draggable={false} onClick={onClick}>
        {number}
      </a>
      {time !== null && <span className="line__time">{time}</span>}
      {beginsGroup && (
        <button
          type="button"
          className="line__fold"
          aria-expanded={folded === undefined}
          onClick={() => onFold?.(number)}
        >
          <Icon name={folded ? 'right' : 'down'} size={12} />
          <span className="unseen">Lines of the group</span>
        </button>
      )}
      <span className="line__text" data-group={beginsGroup || undefined}>
        {line &&
          shownPieces(shown, marks ?? []).map(({ text, look, hit }, at) =>
            hit ? (
              <mark key={at} className={look}>
                {text}
              </mark>
            ) : look === '' ? (
              text
            ) : (
              <span key={at} className={look}>
                {text}
              </span>
            ),
          )}
        {folded && <span className="line__cut"> {counted(folded.last - folded.first, 'line')}</span>}
        {line?.cut && <span className="line__cut"> … the line is longer; the download has all of it</span>}
      </span>
    </div>
  );
});
