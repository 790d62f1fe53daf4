import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type MouseEvent } from 'react';
import { Link } from 'react-router';
import { useFamilies } from '../../api/families.js';
import type { JobPages, JobPagesState } from '../../api/job-pages.js';
import type { Family } from '../../api/types.js';
import { counted, countOf } from '../../lib/format.js';
import { jobsAt } from '../../lib/job-filter.js';
import { Icon } from '../../ui/icons.js';
import { Segments } from '../../ui/segments.js';
import { nameOf, type Column } from './columns.js';
import { countsOf, pagesBehind, type Row } from './folds.js';

const ROW_PX = 32;
/** The next page is read when so many rows are left. */
const AHEAD = 40;
/** Pages without a row of their own that are read by themselves: what is in them is in families above. */
const MOST_BEHIND = 10;

interface JobGridProps {
  list: JobPages;
  state: JobPagesState;
  rows: readonly Row[];
  columns: readonly Column[];
  /** Key of the row that keys act on; null: none. */
  active: string | null;
  onActive: (key: string) => void;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], on: boolean) => void;
  onFold: (key: string) => void;
  /** The list shows a part of the jobs. */
  filtered: boolean;
}

/** The jobs that a row stands for: of a family all that were read. */
export const idsOf = (row: Row | undefined): string[] =>
  row?.kind === 'job' ? [row.job.id] : row?.kind === 'family' ? row.ids : [];

/** The rows of a list of any length: those that show are there, and a few around them. */
export function JobGrid(props: JobGridProps) {
  const { list, state, rows, columns, active, onActive, selected, onSelect, onFold, filtered } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    // The head covers as much of the box: without it the last row in sight would be below the edge.
    scrollPaddingEnd: ROW_PX,
    initialOffset: list.place.offset,
    getItemKey: (at) => rows[at]?.key ?? at,
  });
  useEffect(() => {
    list.place = { offset: virtual.scrollOffset ?? 0, active };
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const [mostBehind, setMostBehind] = useState(MOST_BEHIND);
  const behind = pagesBehind(rows, state.pages.length);
  const { data: families } = useFamilies(
    items.flatMap(({ index }) => {
      const row = rows[index];
      return row?.kind === 'family' ? [row.parent] : [];
    }),
  );
  const from = rows[first]?.page ?? 0;
  const to = rows[last]?.page ?? 0;
  useEffect(() => {
    list.show(from, to);
    if (rows.length - last < AHEAD && behind < mostBehind && !state.error) list.more();
  }, [list, from, to, last, rows.length, behind, mostBehind, state.loading, state.error]);
  /** The row that was active when somebody left: the list stands where it stood. */
  const began = useRef(list.place.active);
  const activeAt = active === null ? -1 : rows.findIndex(({ key }) => key === active);
  useEffect(() => {
    if (activeAt >= 0 && active !== began.current) virtual.scrollToIndex(activeAt, { align: 'auto' });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- scrolls when another row is active, and at no other time
  }, [active]);
  const template = `30px ${columns.map(({ width }) => width).join(' ')}`;
  return (
    <div
      ref={scroller}
      className="grid panel"
      role="grid"
      aria-label="Jobs"
      aria-rowcount={state.complete ? rows.length + 1 : -1}
      aria-multiselectable="true"
      aria-activedescendant={activeAt >= 0 ? `row-${active}` : undefined}
      tabIndex={0}
    >
      <div className="grid__head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <span role="columnheader">
          <span className="unseen">Selected</span>
        </span>
        {columns.map(({ id, label }) => (
          <span key={id} role="columnheader">
            {label}
          </span>
        ))}
      </div>
      <div role="rowgroup" className="grid__rows" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          const ids = idsOf(row);
          const isSelected = ids.length > 0 && ids.every((id) => selected.has(id));
          return (
            <div
              key={key}
              id={`row-${row.key}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={isSelected}
              className="grid__row"
              data-active={row.key === active ? '' : undefined}
              data-child={row.kind === 'job' && row.child ? '' : undefined}
              style={{ transform: `translateY(${start}px)`, gridTemplateColumns: template }}
              onClick={() => onActive(row.key)}
            >
              <RowCells
                row={row}
                columns={columns}
                isSelected={isSelected}
                onSelect={(on) => onSelect(ids, on)}
                onFold={onFold}
                family={row.kind === 'family' ? families?.get(row.parent) : undefined}
                filtered={filtered}
              />
            </div>
          );
        })}
      </div>
      {!state.complete && behind >= mostBehind && (
        <p className="grid__more">
          <button type="button" className="button" onClick={() => setMostBehind(mostBehind + MOST_BEHIND)}>
            Read on
          </button>{' '}
          <span className="muted">The last jobs that were read are in the families above.</span>
        </p>
      )}
    </div>
  );
}

interface RowCellsProps {
  row: Row;
  columns: readonly Column[];
  isSelected: boolean;
  onSelect: (on: boolean) => void;
  onFold: (key: string) => void;
  /** The whole family of the row; undefined: it is not known yet, or the row is none. */
  family: Family | undefined;
  filtered: boolean;
}

function RowCells({ row, columns, isSelected, onSelect, onFold, family, filtered }: RowCellsProps) {
  if (row.kind === 'gone')
    return (
      <span role="gridcell" className="grid__wide">
        <span className="bone" style={{ width: '40%' }} />
      </span>
    );
  const label =
    row.kind === 'job' ? nameOf(row.job) : counted(filtered || !family ? row.ids.length : family.total, 'job');
  const check = (
    <span role="gridcell" className="grid__check">
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={row.kind === 'job' ? `Select ${label}` : `Select ${counted(row.ids.length, 'job')} of one parent`}
        checked={isSelected}
        onClick={(event: MouseEvent) => event.stopPropagation()}
        onChange={(event) => onSelect(event.target.checked)}
      />
    </span>
  );
  if (row.kind === 'family')
    return (
      <>
        {check}
        <span role="gridcell" className="grid__family">
          <button
            type="button"
            className="button button--bare"
            tabIndex={-1}
            aria-expanded={row.open}
            onClick={() => onFold(row.key)}
          >
            <Icon name={row.open ? 'down' : 'right'} size={14} />
            {label} of one parent
          </button>
          <Segments counts={family?.counts ?? countsOf(row.jobs)} />
          <span className="cut">
            <Link to={`/jobs/${row.parent}`} tabIndex={-1}>
              {family?.name ?? (row.jobs[0] ? nameOf(row.jobs[0]) : row.parent)}
            </Link>{' '}
            {family && (
              <Link to={jobsAt({ parent: [row.parent] })} tabIndex={-1} className="muted small">
                all {countOf(family.total)}
                {family.exact ? '' : ' or more'}
              </Link>
            )}
          </span>
        </span>
      </>
    );
  return (
    <>
      {check}
      {columns.map(({ id, cell }) => (
        <span key={id} role="gridcell" className="cut">
          {cell(row.job)}
        </span>
      ))}
    </>
  );
}
