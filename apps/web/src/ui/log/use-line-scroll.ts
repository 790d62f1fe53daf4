import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
  type RefCallback,
} from 'react';
import { heightOf, isScaled, ROW, scrolledAt, topAt, walk, type Scale } from './scroll-scale.js';

/** Lines that are drawn beyond both edges. */
const BEYOND = 8;
/** A scroll by less than so many boxes is a finger's or a key's; by more, somebody drags the bar. */
const SMALL = 1.5;
/** A finger's scroll is over, milliseconds: the bar moves to where the lines are. */
const IDLE_MS = 200;

export interface LineScroll {
  box: HTMLDivElement | null;
  setBox: RefCallback<HTMLDivElement>;
  /** Holds the drawn lines as its children, one each. */
  drawn: RefObject<HTMLDivElement | null>;
  /** Height of the content, pixels. */
  height: number;
  view: number;
  /** The line at the top, from 1. */
  top: number;
  /** The lines to draw, from 1. */
  first: number;
  last: number;
  /** The end shows, and stays in sight while the log grows. */
  atEnd: boolean;
  toEnd: () => void;
  /** Shows a line, in the upper third where it does not show already, and follows the end no more. */
  goTo: (number: number) => void;
  onScroll: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * Which lines of `total` show in a box. The line at the top is the truth, and the scroll bar follows it: so a log may
 * be longer than an element may be high, and lines may have any height (`wraps`). Lines that all fit at their pixel
 * are scrolled by the browser itself.
 */
export function useLineScroll(total: number, wraps: boolean): LineScroll {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const drawn = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(0);
  const [place, setPlace] = useState({ top: 0, atEnd: true });
  /** Where the bar stood last, where we put it, and whether a finger moves it. */
  const bar = useRef({ last: 0, ours: Number.NaN, timer: 0, busy: false });
  const rows = view / ROW;
  const lastTop = Math.max(0, total - rows);
  const height = heightOf(total);
  const scale: Scale = { height, view, last: lastTop };
  const isNative = !wraps && !isScaled(total);
  const top = place.atEnd ? lastTop : Math.min(place.top, wraps ? Math.max(0, total - 1) : lastTop);
  const atEnd = place.atEnd || (!wraps && place.top >= lastTop);
  const first = Math.max(1, Math.floor(top) + 1 - BEYOND);
  const last = Math.min(total, Math.ceil(top + rows) + BEYOND);
  const heightAt = (line: number): number =>
    (wraps ? (drawn.current?.children[line + 1 - first] as HTMLElement | undefined)?.offsetHeight : undefined) || ROW;

  useLayoutEffect(() => {
    if (!box) return;
    const measure = (): void => setView(box.clientHeight);
    bar.current = { last: 0, ours: Number.NaN, timer: 0, busy: false };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, [box]);

  // The drawn lines are moved so that the top line stands at the edge, by its measured height.
  useLayoutEffect(() => {
    const lines = drawn.current;
    if (!lines || !box || view === 0) return;
    const room = lines.offsetHeight - view;
    let above: number;
    if (atEnd) above = last === total ? Math.max(0, room) : 0;
    else {
      const row = lines.children[Math.floor(top) + 1 - first] as HTMLElement | undefined;
      above = row ? row.offsetTop + (top - Math.floor(top)) * row.offsetHeight : 0;
      // Nothing is below the last line: the end is reached.
      if (wraps && last === total && above > room) {
        above = Math.max(0, room);
        setPlace({ top, atEnd: true });
      }
    }
    lines.style.transform = `translateY(${-above}px)`;
    const wanted = Math.round(atEnd ? Math.max(0, height - view) : isNative ? top * ROW : scrolledAt(top, scale));
    if (!bar.current.busy && Math.abs(box.scrollTop - wanted) > 1) {
      box.scrollTop = wanted;
      bar.current.ours = bar.current.last = box.scrollTop;
    }
  });

  const move = (pixels: number): void => {
    if (atEnd && pixels >= 0) return;
    const from =
      atEnd && wraps && drawn.current ? walk(first - 1, Math.max(0, drawn.current.offsetHeight - view), heightAt) : top;
    const next = walk(from, pixels, heightAt);
    setPlace({ top: Math.min(next, Math.max(0, total - 1)), atEnd: !wraps && next >= lastTop });
  };
  const toEnd = (): void => setPlace({ top: lastTop, atEnd: true });
  const present = useRef(move);
  useEffect(() => {
    present.current = move;
  });

  // React's own listener may not keep the browser from scrolling.
  useEffect(() => {
    if (!box || isNative) return;
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      present.current(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW : event.deltaY);
    };
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [box, isNative]);

  const onScroll = (): void => {
    if (!box) return;
    const at = box.scrollTop;
    const moved = at - bar.current.last;
    bar.current.last = at;
    if (Math.abs(at - bar.current.ours) <= 1 || moved === 0) return;
    bar.current.ours = Number.NaN;
    const isLast = at >= box.scrollHeight - box.clientHeight - 1;
    if (isNative) setPlace({ top: at / ROW, atEnd: isLast });
    else if (Math.abs(moved) > SMALL * view) setPlace({ top: topAt(at, scale), atEnd: isLast });
    else {
      bar.current.busy = true;
      clearTimeout(bar.current.timer);
      bar.current.timer = window.setTimeout(() => {
        bar.current.busy = false;
        setPlace((before) => ({ ...before }));
      }, IDLE_MS);
      move(moved);
    }
  };

  const goTo = (number: number): void => {
    const line = Math.max(number, 1) - 1;
    if (line >= Math.ceil(top) && line < Math.floor(top + rows) && !wraps) {
      // The line that somebody looks for stays in sight, although the log grows.
      setPlace({ top, atEnd: false });
      return;
    }
    const next = Math.max(0, line - (wraps ? 2 : Math.floor(rows / 3)));
    setPlace({ top: next, atEnd: false });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const act = {
      Home: () => setPlace({ top: 0, atEnd: lastTop === 0 }),
      End: toEnd,
      ...(isNative
        ? {}
        : {
            ArrowUp: () => move(-2 * ROW),
            ArrowDown: () => move(2 * ROW),
            PageUp: () => move(ROW - view),
            PageDown: () => move(view - ROW),
            ' ': () => move(event.shiftKey ? ROW - view : view - ROW),
          }),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return {
    box,
    setBox,
    drawn,
    height,
    view,
    top: Math.floor(top) + 1,
    first,
    last,
    atEnd,
    toEnd,
    goTo,
    onScroll,
    onKeyDown,
  };
}
