import { useRef, useState, type ReactNode } from 'react';
import type { LogPattern } from '../../api/logs.js';
import { bytesOf, counted, countOf } from '../../lib/format.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { Icon } from '../icons.js';
import { FaultNotice } from '../notices.js';
import type { Found } from './hits.js';

interface SearchBarProps {
  pattern: LogPattern | null;
  found: Found | null;
  around: number | null;
  live: boolean;
  /** Which hit was gone to, from 1; 0: none. */
  place: number;
  change: (parts: Record<string, string | null>) => void;
  /** Goes to the next hit (1) or the one before (-1). */
  onStep: (by: 1 | -1) => void;
  /** Is told that somebody asked for another search: the first hit is to come into view. */
  onAsked: () => void;
  /** Takes the focus from the field. */
  onLeave: () => void;
  /** Goes on with the search behind the last hit that shows. */
  onGoOn: () => void;
}

/** The search: a text or a regular expression, how far it is, and the way from hit to hit. */
export function SearchBar({
  pattern,
  found,
  around,
  live,
  place,
  change,
  onStep,
  onAsked,
  onLeave,
  onGoOn,
}: SearchBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(pattern?.text ?? '');
  const clear = (): void => {
    setText('');
    change({ q: null, match: null, only: null });
  };
  useShortcuts('Search', [
    { keys: '/', does: 'Search the log', run: () => field.current?.select() },
    ...(found && found.hits.size > 0
      ? [
          { keys: 'n', does: 'Next hit', run: () => onStep(1) },
          { keys: 'N', does: 'Hit before', run: () => onStep(-1) },
        ]
      : []),
  ]);
  /** The manner of the next search, while there is none yet. */
  const [next, setNext] = useState({ regex: false, exact: false });
  const regex = pattern ? pattern.kind === 'regex' : next.regex;
  const exact = pattern ? pattern.exact : next.exact;
  return (
    <search>
      <form
        className="log__search"
        onSubmit={(event) => {
          event.preventDefault();
          if (text === '') return clear();
          if (pattern?.text === text && pattern.kind !== 'errors') onStep(1);
          else {
            change({ q: text, match: regex ? 'regex' : null, case: exact ? '1' : null });
            onAsked();
          }
          onLeave();
        }}
      >
        <input
          ref={field}
          className="field mono log__text"
          aria-label="Search the log"
          placeholder="Search the whole log"
          maxLength={regex ? 500 : 1_000}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            setText(pattern?.text ?? '');
            onLeave();
          }}
        />
        <Toggle
          on={regex}
          title="Regular expression"
          onPress={() => {
            setNext({ regex: !regex, exact });
            change({ match: regex ? null : 'regex', ...(text === '' ? {} : { q: text }) });
          }}
        >
          .*
        </Toggle>
        <Toggle
          on={exact}
          title="Upper and lower case differ"
          onPress={() => {
            setNext({ regex, exact: !exact });
            change({ case: exact ? null : '1' });
          }}
        >
          Aa
        </Toggle>
        <Toggle
          on={pattern?.kind === 'errors'}
          title="Lines with words of errors"
          onPress={() =>
            change(pattern?.kind === 'errors' ? { match: null, q: null, only: null } : { match: 'errors', q: null })
          }
        >
          Errors
        </Toggle>
        {pattern && (
          <>
            <button
              type="button"
              className="button"
              aria-label="Hit before"
              title="Hit before (N)"
              onClick={() => onStep(-1)}
            >
              <span className="log__up">
                <Icon name="down" size={14} />
              </span>
            </button>
            <button
              type="button"
              className="button"
              aria-label="Next hit"
              title="Next hit (n)"
              onClick={() => onStep(1)}
            >
              <Icon name="down" size={14} />
            </button>
            <select
              className="field log__only"
              aria-label="Lines that show"
              value={around ?? ''}
              onChange={({ target }) => change({ only: target.value === '' ? null : target.value })}
            >
              <option value="">All lines</option>
              <option value="0">Hits only</option>
              <option value="2">Hits ± 2</option>
              <option value="10">Hits ± 10</option>
            </select>
            <button type="button" className="button" onClick={clear}>
              Clear
            </button>
            <span className="muted small" role="status">
              {found && sayOf(found, place, live)}
            </span>
            {found && (found.end === 'limit' || found.end === 'time') && (
              <button type="button" className="button" onClick={onGoOn}>
                Search on
              </button>
            )}
          </>
        )}
      </form>
      {found?.trouble && (
        <p className="notice notice--bad" role="alert">
          The API could not search, and tries again: {found.trouble}
        </p>
      )}
      {found?.error ? <FaultNotice error={found.error} /> : null}
    </search>
  );
}

interface ToggleProps {
  on: boolean;
  title: string;
  onPress: () => void;
  children: ReactNode;
}

const Toggle = ({ on, title, onPress, children }: ToggleProps) => (
  <button type="button" className="button log__toggle" aria-pressed={on} title={title} onClick={onPress}>
    {children}
  </button>
);

function sayOf({ hits, letGo, progress, end }: Found, place: number, live: boolean): string {
  const all = counted(hits.size, 'hit') + (letGo > 0 ? `, without ${countOf(letGo)} earlier ones` : '');
  const count = place > 0 ? `${countOf(place)} of ${all}` : all;
  if (end === 'limit') return `${count}; there may be more`;
  if (end === 'time') return `${count}; the search took its time, ${bytesOf(progress?.bytes ?? 0)} are done`;
  if (end === 'end') return count;
  const done = progress ? progress.bytes / Math.max(1, progress.of_bytes) : 0;
  if (done >= 1 && live) return `${count}, and new lines are searched`;
  return `${count}, ${Math.floor(done * 100)} % searched`;
}
