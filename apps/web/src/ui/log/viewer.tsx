import './viewer.css';
import '../terminal.css';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { downloadOf, firstHit, readLines, useLogIndex, type LogView } from '../../api/logs.js';
import { countOf, counted } from '../../lib/format.js';
import { useKept } from '../../lib/kept.js';
import { chartsAt } from '../../lib/moment.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { Icon } from '../icons.js';
import { CopyButton, FaultNotice } from '../notices.js';
import { Popover } from '../popover.js';
import { say, sayFault } from '../toast.js';
import { Gaps, LogFacts } from './facts.js';
import { folded, GROUP_END, hiddenOf, lineOf, opened, rowOf, type Fold } from './folds.js';
import { HitList } from './hit-list.js';
import type { Found } from './hits.js';
import { LineBox } from './line-box.js';
import { extended, hashOf, rangeOf, TIME_COLUMNS, type TimeColumn } from './line-text.js';
import { SearchBar } from './search-bar.js';
import { useLineScroll } from './use-line-scroll.js';
import { useLines } from './use-lines.js';
import { useLogAddress } from './use-log-address.js';
import { useSearch } from './use-search.js';

/** Lines before a linked one that are read with it. */
const ABOVE = 60;
const TIME_NAMES: Record<TimeColumn, string> = {
  none: 'No times',
  exact: 'Exact times',
  relative: 'Times since the first line',
  delta: 'Times since the line before',
};

interface ViewerProps {
  view: LogView;
  /** Is told the time of the chosen line (ISO 8601), and null when none is chosen. */
  onMoment?: (at: string | null) => void;
  /** Stands behind the tools. */
  children?: ReactNode;
}

/** One view of a log, with all that can be done with it. */
export function Viewer({ view, onMoment, children }: ViewerProps) {
  const { chosen, newestChosen, at, execution, pattern, around, change } = useLogAddress();
  const [wraps, setWraps] = useKept('log.wraps', false);
  const [times, setTimes] = useKept<TimeColumn>('log.times', 'none');
  const { pages, setFollowed } = useLines(
    view,
    chosen ? { from: Math.max(1, chosen.first - ABOVE) } : at ? { at } : { from: -ABOVE },
  );
  const { total, state } = pages;
  const live = state === 'live' || state === 'waiting';
  const [folds, setFolds] = useState<readonly Fold[]>([]);
  const scroll = useLineScroll(total - hiddenOf(folds), wraps);
  const { atEnd, toEnd } = scroll;
  /** Shows a line, and opens the group that hides it. */
  const goTo = (number: number): void => {
    const open = opened(folds, number);
    setFolds(open);
    scroll.goTo(rowOf(open, Math.min(number, total)));
  };
  const { data: index } = useLogIndex(view, state);
  const { found, goOn } = useSearch(view, pattern, { around: around ?? 0, live });
  const [presentHit, setPresentHit] = useState<number | null>(null);
  const searched = `${pattern?.kind} ${pattern?.text} ${pattern?.exact}`;
  useEffect(() => setPresentHit(null), [searched]);

  useEffect(() => setFollowed(atEnd), [atEnd]);
  /** Lines when the end was left: what came since is counted. */
  const [left, setLeft] = useState(0);
  useEffect(() => setLeft(pages.total), [atEnd]);

  // The lines of the address are gone to when it changes from without, and when there are lines at first.
  const gone = useRef<string | null>(null);
  const target = chosen ? `${chosen.first} ${chosen.last}` : null;
  useEffect(() => {
    if (total === 0 || scroll.view === 0 || target === gone.current) return;
    gone.current = target;
    if (chosen) goTo(chosen.first);
  }, [target, total, scroll.view]);
  useEffect(() => {
    if (at === null) return;
    void readLines(view, { at }, 1)
      .then(({ lines, total: all }) => {
        // Behind the last line nothing was written any more.
        const number = lines[0]?.number ?? all;
        if (number > 0) change({ at: null }, { first: number, last: number });
      })
      .catch(sayFault);
  }, [at]);
  const moment = chosen === null ? null : (pages.line(chosen.first)?.at ?? null);
  useEffect(() => onMoment?.(moment), [moment]);

  const onChoose = useCallback(
    (number: number, more: boolean) => {
      const before = newestChosen();
      const next = more ? extended(before, number) : { first: number, last: number };
      const same = !more && before?.first === number && before.last === number;
      gone.current = same ? null : `${next.first} ${next.last}`;
      change({}, same ? null : next);
    },
    [change],
  );
  const goToHit = (number: number): void => {
    change({ only: null });
    setPresentHit(number);
    goTo(number);
  };
  /** The line at the top when somebody asked for a search, and the hits of before; null: no hit is waited for. */
  const [asked, setAsked] = useState<{ top: number; before: unknown } | null>(null);
  useEffect(() => {
    if (asked === null || !found || found.hits === asked.before) return;
    const numbers = [...found.hits.keys()];
    const number = numbers.find((one) => one >= asked.top) ?? (isSearched(found) ? numbers[0] : undefined);
    if (number === undefined && !isSearched(found)) return;
    setAsked(null);
    if (number !== undefined && around === null) goToHit(number);
  }, [found, asked]);
  const onStep = (by: 1 | -1): void => {
    const numbers = [...(found?.hits.keys() ?? [])];
    if (numbers.length === 0) return;
    const here = presentHit ?? lineOf(folds, scroll.first);
    const next = by === 1 ? numbers.find((number) => number > here) : numbers.findLast((number) => number < here);
    const number = next ?? (by === 1 ? numbers[0] : numbers.at(-1));
    if (number !== undefined) goToHit(number);
  };
  const onFold = useCallback(
    async (number: number): Promise<void> => {
      if (folds.some(({ first }) => first === number)) return setFolds(folds.filter(({ first }) => first !== number));
      try {
        // The end of a group may be anywhere: the server looks for it. A group without an end is open to the last line.
        const end = await firstHit(view, { text: `^${GROUP_END}`, kind: 'regex', exact: true }, number);
        setFolds(folded(folds, { first: number, last: end ?? pages.total }));
      } catch (error) {
        sayFault(error);
      }
    },
    [folds],
  );
  const [looks, setLooks] = useState(false);
  const goToError = async (): Promise<void> => {
    setLooks(true);
    try {
      const number = await firstHit(view, { text: '', kind: 'errors', exact: false }, 1);
      if (number === null) say('No line has a word such as error, fatal, exception or failed.');
      else {
        gone.current = `${number} ${number}`;
        setPresentHit(null);
        goTo(number);
        change({ only: null }, { first: number, last: number });
      }
    } catch (error) {
      sayFault(error);
    } finally {
      setLooks(false);
    }
  };

  const lineField = useRef<HTMLInputElement>(null);
  useShortcuts('Log', [
    { keys: 'e', does: 'First error', run: () => void goToError() },
    { keys: 'l', does: 'Go to a line', run: () => lineField.current?.select() },
    { keys: 'f', does: 'To the end', run: toEnd },
    { keys: 'w', does: 'Wrap lines', run: () => setWraps(!wraps) },
    {
      keys: 't',
      does: 'Other times',
      run: () => setTimes(TIME_COLUMNS[(TIME_COLUMNS.indexOf(times) + 1) % TIME_COLUMNS.length] ?? 'none'),
    },
  ]);
  const fresh = Math.max(0, total - left);
  const firstAt = index?.first_at ?? pages.line(1)?.at ?? null;
  return (
    <>
      <div className="log__tools">
        <LogFacts index={index} total={total} />
        <select
          className="field log__stream"
          aria-label="Streams"
          value={view.stream ?? ''}
          onChange={({ target: { value } }) => {
            // Lines have other numbers in another view.
            change({ stream: value === '' ? null : value }, null);
          }}
        >
          <option value="">Both streams</option>
          <option value="stdout">stdout only</option>
          <option value="stderr">stderr only</option>
        </select>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const range = rangeOf(lineField.current?.value.trim() ?? '');
            if (range === null) return say('Give the number of a line, or two: 120 or 120-140.');
            gone.current = `${range.first} ${range.last}`;
            change({ only: null }, range);
            setPresentHit(null);
            goTo(range.first);
            scroll.box?.focus();
          }}
        >
          <input
            ref={lineField}
            className="field log__line"
            aria-label="Go to a line"
            placeholder="Line"
            inputMode="numeric"
            maxLength={33}
          />
        </form>
        <button type="button" className="button" disabled={looks} onClick={() => void goToError()}>
          First error
        </button>
        <Popover label="Look" icon="columns">
          {TIME_COLUMNS.map((column) => (
            <label key={column}>
              <input type="radio" name="times" checked={times === column} onChange={() => setTimes(column)} />
              {TIME_NAMES[column]}
            </label>
          ))}
          <label>
            <input type="checkbox" checked={wraps} onChange={() => setWraps(!wraps)} />
            Wrap lines
          </label>
        </Popover>
        <a className="button" href={downloadOf(view)} download={`${view.job}.log`}>
          <Icon name="file" size={14} /> Download
        </a>
        {children}
        {chosen && (
          <span className="log__chosen small">
            {chosen.first === chosen.last
              ? `Line ${countOf(chosen.first)}`
              : `Lines ${countOf(chosen.first)} to ${countOf(chosen.last)}`}
            <CopyButton text={location.href} label="Copy the link to these lines" />
            {moment !== null && (
              <Link to={chartsAt(view.job, { at: moment, execution, lines: hashOf(chosen) })}>In the charts</Link>
            )}
          </span>
        )}
      </div>
      <SearchBar
        pattern={pattern}
        found={found}
        around={around}
        live={live}
        place={presentHit === null ? 0 : placeOf(found?.hits.keys(), presentHit)}
        change={change}
        onStep={onStep}
        onAsked={() => setAsked({ top: lineOf(folds, scroll.top), before: found?.hits })}
        onLeave={() => (scroll.box ?? document.querySelector<HTMLElement>('.log__box'))?.focus()}
        onGoOn={goOn}
      />
      <Gaps gaps={index?.gaps ?? []} />
      {pages.error !== null && total > 0 && <FaultNotice error={pages.error} onRetry={() => pages.again()} />}
      {pages.error !== null && total === 0 ? (
        <FaultNotice error={pages.error} onRetry={() => pages.again()} />
      ) : around !== null && pattern && found ? (
        <HitList found={found} around={around} pattern={pattern} times={times} firstAt={firstAt} onGoTo={goToHit} />
      ) : (
        <LineBox
          pages={pages}
          scroll={scroll}
          wraps={wraps}
          times={times}
          firstAt={firstAt}
          chosen={chosen}
          found={found}
          pattern={pattern}
          presentHit={presentHit}
          folds={folds}
          onFold={(number) => void onFold(number)}
          onGoTo={goTo}
          hasGap={(index?.gaps.length ?? 0) > 0}
          onChoose={onChoose}
        />
      )}
      <div className="log__foot">
        {total === 0 && (
          <span className="muted">{live ? 'The job has written nothing yet.' : 'The job wrote nothing.'}</span>
        )}
        {!atEnd && around === null && (
          <button type="button" className="button" onClick={toEnd}>
            <Icon name="down" size={14} /> {live && fresh > 0 ? counted(fresh, 'new line') : 'To the end'}
          </button>
        )}
      </div>
    </>
  );
}

/** Whether all that is written was searched, or the search has ended before. */
const isSearched = ({ end, progress }: Found): boolean =>
  end !== null || (progress !== null && progress.bytes >= progress.of_bytes);

function placeOf(numbers: Iterable<number> | undefined, wanted: number): number {
  let place = 0;
  for (const number of numbers ?? []) {
    place += 1;
    if (number === wanted) return place;
  }
  return 0;
}
