import './cell-map.css';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react';
import { Link, useNavigate } from 'react-router';
import type { JobState } from '../api/types.js';
import { drawCells } from './cell-shapes.js';

/** One element of a whole. */
export interface Cell {
  state: JobState;
  /** Its name and state in words. */
  words: string;
  /** The address of its screen. */
  to: string;
}

const GAP = 2;
/** Room for the mark of a cell at the edge. */
const EDGE = 4;
/** Cells are the smaller the more there are; pixels. */
const SIZES: readonly [most: number, size: number][] = [
  [200, 16],
  [1_000, 12],
  [Infinity, 8],
];

/**
 * One cell for each element, drawn on a canvas: thousands cost no more than one picture. A link stands over the cell
 * that the pointer or the arrow keys are at.
 */
export default function CellMap({ cells, label }: { cells: readonly Cell[]; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [look, setLook] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [shows, setShows] = useState(false);
  const navigate = useNavigate();
  const size = SIZES.find(([most]) => cells.length <= most)?.[1] ?? 8;
  const step = size + GAP;
  const columns = Math.max(1, Math.floor((width - 2 * EDGE) / step));
  const at = Math.min(chosen, cells.length - 1);
  const cell = cells[at];

  useLayoutEffect(() => {
    if (!box.current) return;
    const element = box.current;
    const measure = (): void => setWidth(element.clientWidth);
    measure();
    const size = new ResizeObserver(measure);
    size.observe(element);
    // Another look has other colours.
    const theme = new MutationObserver(() => setLook((before) => before + 1));
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      size.disconnect();
      theme.disconnect();
    };
  }, []);
  useEffect(() => {
    if (!canvas.current || width === 0) return;
    drawCells(
      canvas.current,
      cells.map(({ state }) => state),
      { columns, size, gap: GAP },
    );
  }, [cells, columns, size, width, look]);

  /** The place of the cell under the pointer; null: there is none. */
  const placeAt = ({ clientX, clientY }: { clientX: number; clientY: number }): number | null => {
    const place = canvas.current?.getBoundingClientRect();
    if (!place) return null;
    const column = Math.floor((clientX - place.left) / step);
    const row = Math.floor((clientY - place.top) / step);
    const next = row * columns + column;
    return column < 0 || column >= columns || next < 0 || next >= cells.length ? null : next;
  };
  const onPointer = (event: PointerEvent): void => {
    const next = placeAt(event);
    if (next === null) return;
    setChosen(next);
    setShows(true);
  };
  /** A finger presses where no link stands yet. */
  const onClick = (event: MouseEvent): void => {
    const pressed = cells[placeAt(event) ?? -1];
    if (pressed && event.target === canvas.current) void navigate(pressed.to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: cells.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (next >= 0 && next < cells.length) setChosen(next);
  };
  if (!cell) return null;
  const left = EDGE + (at % columns) * step;
  const top = EDGE + Math.floor(at / columns) * step;
  return (
    <>
      <div ref={box} className="cells" role="group" aria-label={label} onPointerMove={onPointer} onClick={onClick}>
        <canvas ref={canvas} aria-hidden="true" />
        <Link
          className="cells__at"
          to={cell.to}
          title={cell.words}
          aria-label={cell.words}
          style={{ left, top, width: size, height: size }}
          onKeyDown={onKeyDown}
          onFocus={() => setShows(true)}
        />
      </div>
      <p className="cells__words small muted" aria-live="polite">
        {shows ? cell.words : 'Point at a cell, or move through them with the arrow keys.'}
      </p>
    </>
  );
}
