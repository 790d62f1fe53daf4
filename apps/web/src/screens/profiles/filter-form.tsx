import { useState, type FormEvent } from 'react';
import type { ProfileFilter } from '../../api/profiles.js';
import { useShortcuts } from '../../lib/shortcuts.js';

const PERIODS = [
  ['', 'Any time'],
  ['1h', 'Last hour'],
  ['1d', 'Last day'],
  ['7d', 'Last week'],
  ['4w', 'Last 4 weeks'],
] as const;

const TEXTS = [
  ['q', 'Name, command or id'],
  ['owner', 'Owner'],
  ['queue', 'Queue'],
] as const;

interface FilterFormProps {
  filter: ProfileFilter;
  onChange: (filter: ProfileFilter) => void;
}

/** Which profiles show. Enter looks for the texts; a period counts at once. */
export function FilterForm({ filter, onChange }: FilterFormProps) {
  const [draft, setDraft] = useState(filter);
  useShortcuts('Profiles', [{ keys: '/', does: 'Filter', run: () => document.getElementById('profiles-q')?.focus() }]);
  const apply = (next: ProfileFilter): void =>
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '' && value !== undefined)));
  const send = (event: FormEvent): void => {
    event.preventDefault();
    apply(draft);
  };
  return (
    <form className="profiles__filter" role="search" aria-label="Profiles" onSubmit={send}>
      {TEXTS.map(([field, label]) => (
        <input
          key={field}
          id={`profiles-${field}`}
          className="field"
          type="search"
          aria-label={label}
          placeholder={label}
          maxLength={200}
          spellCheck={false}
          value={draft[field] ?? ''}
          onChange={({ target }) => setDraft({ ...draft, [field]: target.value })}
        />
      ))}
      <select
        className="field"
        aria-label="Ended"
        value={draft.finished_after ?? ''}
        onChange={({ target }) => {
          const next = { ...draft, finished_after: target.value };
          setDraft(next);
          apply(next);
        }}
      >
        {PERIODS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {/* A period that somebody has written into the address. */}
        {!PERIODS.some(([value]) => value === (draft.finished_after ?? '')) && (
          <option value={draft.finished_after}>{draft.finished_after}</option>
        )}
      </select>
      <button type="submit" className="button">
        Filter
      </button>
      {filter.command !== undefined && (
        <button
          type="button"
          className="button profiles__of"
          title={filter.command}
          aria-label="Show profiles of every command"
          onClick={() => {
            const { command: _gone, ...rest } = draft;
            setDraft(rest);
            apply(rest);
          }}
        >
          <span className="cut">of {filter.command}</span> ×
        </button>
      )}
    </form>
  );
}
