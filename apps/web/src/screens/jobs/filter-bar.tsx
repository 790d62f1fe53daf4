import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { isValued, useFilterValues } from '../../api/filter-values.js';
import { useNodes } from '../../api/nodes.js';
import { useQueues } from '../../api/queues.js';
import { counted } from '../../lib/format.js';
import {
  parseToken,
  textOf,
  tokensOf,
  VALUES_OF,
  withoutToken,
  withToken,
  type FilterToken,
  type JobFilter,
} from '../../lib/job-filter.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { Icon } from '../../ui/icons.js';

/** The beginnings of tokens, each with its meaning. */
const STARTS: readonly [start: string, meaning: string][] = [
  ['state:', 'the state it is in'],
  ['queue:', 'the queue it waits in'],
  ['node:', 'the node that runs or ran it'],
  ['owner:', 'who submitted it'],
  ['tag:', 'a tag that it bears'],
  ['cause:', 'why it did not succeed'],
  ['exit:', 'the exit code of its command'],
  ['dialect:', 'the API through which it came'],
  ['name:', 'its name'],
  ['parent:', 'the id of the job that it is a part of'],
  ['created>', 'after a time, or within the last 2h'],
  ['created<', 'before a time, or 7d ago'],
  ['started>', 'started after a time, or within the last 2h'],
  ['started<', 'started before a time, or 7d ago'],
  ['finished>', 'ended after a time, or within the last 2h'],
  ['finished<', 'ended before a time, or 7d ago'],
];
const MOST = 12;

interface Suggestion {
  text: string;
  meaning?: string;
}

interface FilterBarProps {
  filter: JobFilter;
  /** Takes what makes the new filter of the newest one: a token may come before the last one shows. */
  onChange: (make: (newest: JobFilter) => JobFilter) => void;
}

/**
 * The filter of jobs as tokens, with a field that completes the next one. Enter takes it, Backspace takes the last
 * back.
 */
export function FilterBar({ filter, onChange }: FilterBarProps) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const suggestions = useSuggestions(typed, isOpen);
  const tokens = tokensOf(filter);
  useShortcuts('Jobs, filter', [{ keys: '/', does: 'Filter', run: () => input.current?.focus() }]);

  const add = (token: FilterToken | null): void => {
    if (token === null) return;
    onChange((newest) => withToken(newest, token));
    setTyped('');
    setActive(-1);
  };
  const choose = ({ text }: Suggestion): void => {
    const token = parseToken(text);
    if (token !== null && token.field !== 'q') add(token);
    else setTyped(text);
    setActive(-1);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at) => (suggestions.length === 0 ? -1 : (at + step + suggestions.length) % suggestions.length));
    } else if (event.key === 'Enter' || (event.key === 'Tab' && active >= 0)) {
      event.preventDefault();
      const chosen = suggestions[active];
      if (chosen) choose(chosen);
      else add(parseToken(typed));
    } else if (event.key === 'Backspace' && typed === '' && tokens.length > 0) {
      onChange((newest) => {
        const last = tokensOf(newest).at(-1);
        return last === undefined ? newest : withoutToken(newest, last);
      });
    } else if (event.key === 'Escape') {
      if (isOpen && typed !== '') setOpen(false);
      else input.current?.blur();
    }
  };
  const shows = isOpen && suggestions.length > 0;
  return (
    <div className="filter" role="search" aria-label="Filter of jobs">
      <Icon name="search" />
      {tokens.map((token) => (
        <span key={textOf(token)} className="filter__token">
          {textOf(token)}
          <button
            type="button"
            aria-label={`Take away ${textOf(token)}`}
            onClick={() => onChange((newest) => withoutToken(newest, token))}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <input
        ref={input}
        className="filter__input"
        role="combobox"
        aria-label="Filter"
        aria-expanded={shows}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shows && active >= 0 ? `${listId}-${active}` : undefined}
        placeholder={tokens.length === 0 ? 'state:failed  queue:gpu  created>2h  or any text' : ''}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label="Completions" className="menu filter__list" hidden={!shows}>
        {suggestions.map((suggestion, at) => (
          <li
            key={suggestion.text}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={at === active}
            className="menu__item"
            data-highlighted={at === active ? '' : undefined}
            // A click must not take the focus from the field before it counts.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(suggestion)}
          >
            <code>{suggestion.text}</code>
            {suggestion.meaning && <span className="muted small">{suggestion.meaning}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function useSuggestions(typed: string, isOpen: boolean): Suggestion[] {
  const queues = useQueues().data;
  const nodes = useNodes().data;
  const text = typed.trim().toLowerCase();
  const [, field, part = ''] = /^(\w+):(.*)$/.exec(text) ?? [];
  const known = useFilterValues(isOpen && isValued(field) ? { field, q: part } : null).data;
  return useMemo(() => {
    if (field === undefined)
      return STARTS.filter(([start]) => start.startsWith(text)).map(([start, meaning]) => ({ text: start, meaning }));
    if (isValued(field))
      return (
        (known ?? [])
          // A list of tags in an address is told apart by commas: a tag with one cannot be asked for.
          .filter(({ value }) => value.toLowerCase().includes(part) && !(field === 'tag' && value.includes(',')))
          .slice(0, MOST)
          .map(({ value, jobs }) => ({ text: `${field}:${value}`, meaning: counted(jobs, 'job') }))
      );
    const values =
      field === 'queue'
        ? (queues ?? []).map(({ name }) => name)
        : field === 'node'
          ? (nodes ?? []).map(({ name }) => name)
          : (VALUES_OF[field as keyof typeof VALUES_OF] ?? []);
    return values
      .filter((value) => value.toLowerCase().includes(part))
      .slice(0, MOST)
      .map((value) => ({ text: `${field}:${value}` }));
  }, [text, field, part, queues, nodes, known]);
}
