import { useRef, useState, type MouseEvent, type PointerEvent, type RefObject } from 'react';
import type { View } from './scale.js';

/** A pointer that moved less has pressed, not drawn. */
const LEAST_PX = 5;

/**
 * A period that is drawn with the pointer. `area` spans the time; `handlers` are of an element around it. A press on a
 * link stays a press.
 */
export function useBrush(area: RefObject<HTMLElement | null>, view: View, onDrawn: (drawn: View) => void) {
  const [drawing, setDrawing] = useState<View | null>(null);
  const start = useRef<number | null>(null);
  const moved = useRef(false);
  const isWithin = ({ clientX }: PointerEvent<HTMLElement>): boolean => {
    const place = area.current?.getBoundingClientRect();
    return place !== undefined && clientX >= place.left && clientX <= place.right;
  };
  const between = ({ currentTarget, clientX }: PointerEvent<HTMLElement>, from: number): View => {
    const { left, width } = (area.current ?? currentTarget).getBoundingClientRect();
    const timeAt = (x: number): number =>
      view.from + Math.min(1, Math.max(0, (x - left) / width)) * (view.to - view.from);
    return { from: timeAt(Math.min(from, clientX)), to: timeAt(Math.max(from, clientX)) };
  };
  const end = (): void => {
    start.current = null;
    setDrawing(null);
  };
  return {
    drawing,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        moved.current = false;
        if (event.button === 0 && event.pointerType !== 'touch' && isWithin(event)) start.current = event.clientX;
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (start.current === null) return;
        if (!moved.current && Math.abs(event.clientX - start.current) < LEAST_PX) return;
        if (!moved.current) event.currentTarget.setPointerCapture(event.pointerId);
        moved.current = true;
        setDrawing(between(event, start.current));
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        if (start.current !== null && moved.current) onDrawn(between(event, start.current));
        end();
      },
      onPointerCancel: end,
      onDragStart: (event: MouseEvent) => event.preventDefault(),
      onClickCapture: (event: MouseEvent) => {
        // A click without a pointer is one of the keyboard.
        if (!moved.current || event.detail === 0) return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}
