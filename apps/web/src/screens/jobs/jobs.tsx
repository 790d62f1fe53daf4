import './jobs.css';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Meant } from '../../api/bulk.js';
import { canCancel, canRetry } from '../../api/job-pages.js';
import { useMay, useMayControl } from '../../api/session.js';
import type { Job } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { countOf } from '../../lib/format.js';
import { filterOf, searchOf, type JobFilter } from '../../lib/job-filter.js';
import { useKept } from '../../lib/kept.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { Popover } from '../../ui/popover.js';
import { BulkBar, type Act } from './bulk-bar.js';
import { COLUMNS, FIRST_COLUMNS } from './columns.js';
import { FilterBar } from './filter-bar.js';
import { rowsOf, type Row } from './folds.js';
import { idsOf, JobGrid } from './job-grid.js';
import { useJobPages } from './use-job-pages.js';

const ActDialog = lazy(() => import('./act-dialog.js'));

/** The list of jobs. Its filter is its address. */
export default function Jobs() {
  const { search, change } = useAddress();
  const filter = useMemo(() => filterOf(search), [search]);
  const go = (make: (newest: URLSearchParams) => JobFilter): void =>
    change((newest) => new URLSearchParams(searchOf(make(newest))), { push: true });
  useTitle('Jobs');
  return (
    <div className="screen screen--full">
      <header className="screen__head">
        <h1>Jobs</h1>
        <FilterBar filter={filter} onChange={(make) => go((newest) => make(filterOf(newest)))} />
      </header>
      <List key={searchOf(filter)} filter={filter} onClear={() => go(() => ({}))} />
    </div>
  );
}

function List({ filter, onClear }: { filter: JobFilter; onClear: () => void }) {
  const { list, state } = useJobPages(filter);
  const [kept, setKept] = useKept<string[]>('jobs.columns', FIRST_COLUMNS);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(list.place.active);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [act, setAct] = useState<{ act: Act; meant: Meant } | null>(null);
  const folds = filter.parent === undefined;
  const rows = useMemo(() => rowsOf(state.pages, open, folds), [state.pages, open, folds]);
  const columns = COLUMNS.filter(({ id }) => kept.includes(id));
  /** The selected jobs as far as their pages are held; what is done is done to all ids of the selection. */
  const chosen = useMemo(
    () => state.pages.flatMap(({ jobs }) => (jobs ?? []).filter(({ id }) => selected.has(id))),
    [state.pages, selected],
  );
  const select = (ids: readonly string[], on: boolean): void =>
    setSelected((before) => {
      const after = new Set(before);
      for (const id of ids)
        if (on) after.add(id);
        else after.delete(id);
      return after;
    });
  const clear = (): void => {
    setSelected(new Set());
    setAll(false);
  };
  /** They stand at the top: whoever asks for them from farther down is brought there. */
  const showNewer = (): void =>
    void list.restart().then(() => document.querySelector('.grid')?.scrollTo({ top: 0, behavior: 'instant' }));
  const fold = (key: string): void =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  useRowKeys({
    rows,
    active,
    setActive,
    chosen,
    selected,
    select,
    fold,
    begin: (what, ids) => setAct({ act: what, meant: all ? { filter } : { ids } }),
  });

  if (state.pages.length === 0) {
    if (state.error) return <FaultNotice error={state.error} onRetry={() => void list.restart()} />;
    return (
      <div className="panel">
        <Bones rows={12} />
      </div>
    );
  }
  return (
    <>
      <div className="jobs__bar">
        {selected.size > 0 ? (
          <BulkBar
            ids={selected}
            jobs={chosen}
            filter={filter}
            all={all}
            onAll={setAll}
            onAct={(what, meant) => setAct({ act: what, meant })}
            onClear={clear}
          />
        ) : state.newer.count > 0 ? (
          <button type="button" className="notice notice--plain jobs__newer" onClick={showNewer}>
            {countOf(state.newer.count)}
            {state.newer.more ? ' or more' : ''} new {state.newer.count === 1 ? 'job' : 'jobs'}: show{' '}
            {state.newer.count === 1 ? 'it' : 'them'}
          </button>
        ) : (
          <span className="muted small">
            {countOf(state.pages.reduce((sum, { count }) => sum + count, 0))} read
            {state.complete ? ', all there are' : ''}
          </span>
        )}
        <Popover label="Columns" icon="columns">
          {COLUMNS.map(({ id, label }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={kept.includes(id)}
                onChange={({ target }) => setKept(target.checked ? [...kept, id] : kept.filter((one) => one !== id))}
              />
              {label}
            </label>
          ))}
        </Popover>
      </div>
      {state.error && <FaultNotice error={state.error} onRetry={() => list.more()} />}
      {rows.length === 0 && state.complete ? (
        <Nothing filtered={searchOf(filter) !== ''} onClear={onClear} />
      ) : (
        <JobGrid
          list={list}
          state={state}
          rows={rows}
          columns={columns}
          active={active}
          onActive={setActive}
          selected={selected}
          onSelect={select}
          onFold={fold}
          filtered={searchOf(filter) !== ''}
        />
      )}
      <Suspense fallback={null}>
        {act && <ActDialog act={act.act} meant={act.meant} onClose={() => setAct(null)} onBegin={clear} />}
      </Suspense>
    </>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const may = useMay();
  if (filtered)
    return (
      <Empty title="No job fits this filter.">
        <button type="button" className="button" onClick={onClear}>
          Take the filter away
        </button>
      </Empty>
    );
  return (
    <Empty title="There is no job yet.">
      {may('submit') && (
        <>
          <p>Submit one here, or from a shell:</p>
          <CommandLine text="drover submit -- echo hello" />
        </>
      )}
    </Empty>
  );
}

interface RowKeys {
  rows: readonly Row[];
  active: string | null;
  setActive: (key: string) => void;
  chosen: readonly Job[];
  selected: ReadonlySet<string>;
  select: (ids: readonly string[], on: boolean) => void;
  fold: (key: string) => void;
  begin: (act: Act, ids: string[]) => void;
}

/** The keys of the list. They act on the selection; without one on the row that is active. */
function useRowKeys({ rows, active, setActive, chosen, selected, select, fold, begin }: RowKeys): void {
  const navigate = useNavigate();
  const mayControl = useMayControl();
  const at = rows.findIndex(({ key }) => key === active);
  const row = rows[at];
  const ids = idsOf(row);
  /** The ids of the row whose pages are held. */
  const jobs = row?.kind === 'job' ? [row.job] : row?.kind === 'family' ? row.jobs : [];
  const step = (by: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) setActive(next.key);
  };
  const start = (act: Act): void => {
    const can = (job: Job): boolean => mayControl(job) && (act === 'cancel' ? canCancel(job) : canRetry(job));
    // Nothing is known of jobs whose pages are not held: the server says what it skips.
    if (selected.size === 0) {
      if (jobs.length < ids.length || jobs.some(can)) begin(act, ids);
    } else if (chosen.length < selected.size || chosen.some(can)) begin(act, [...selected]);
  };
  useShortcuts('Jobs', [
    { keys: 'j', does: 'Next row', run: () => step(1) },
    { keys: 'k', does: 'Previous row', run: () => step(at < 0 ? 1 : -1) },
    { keys: 'ArrowDown', does: 'Next row', run: () => step(1) },
    { keys: 'ArrowUp', does: 'Previous row', run: () => step(at < 0 ? 1 : -1) },
    {
      keys: 'x',
      does: 'Select the row, or not',
      run: () => select(ids, !ids.every((id) => selected.has(id))),
    },
    {
      keys: 'Enter',
      does: 'Open the job',
      run: () => {
        if (row?.kind === 'family') fold(row.key);
        else if (row?.kind === 'job') void navigate(`/jobs/${row.job.id}`);
      },
    },
    { keys: 'c', does: 'Cancel', run: () => start('cancel') },
    { keys: 'r', does: 'Retry', run: () => start('retry') },
  ]);
}
