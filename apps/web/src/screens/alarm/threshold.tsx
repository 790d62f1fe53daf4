import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { moved, rounded, shareOf, valueAt, type Range } from './scale.js';

interface ThresholdProps {
  value: number;
  range: Range;
  words: (value: number) => string;
  /** Null: it is shown, and cannot be moved. */
  onChange: ((value: number) => void) | null;
  /** Somebody holds it with the mouse or a finger: the chart keeps its range meanwhile. */
  onHold: (held: boolean) => void;
}

/** The threshold as a line over the chart, which is dragged, or moved by the arrow keys. Its place is its parent. */
export function Threshold({ value, range, words, onChange, onHold }: ThresholdProps) {
  const line = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  const top = `${shareOf(value, range) * 100}%`;
  const text = words(value);
  if (onChange === null)
    return (
      <div className="threshold" style={{ top }}>
        <span className="threshold__value">{text}</span>
      </div>
    );
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = event.ctrlKey || event.altKey || event.metaKey ? null : moved(event.key, value, range);
    if (next === null) return;
    event.preventDefault();
    onChange(next);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    isHeld.current = true;
    onHold(true);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const box = line.current?.parentElement?.getBoundingClientRect();
    if (!isHeld.current || !box || box.height === 0) return;
    onChange(rounded(valueAt((event.clientY - box.top) / box.height, range), range));
  };
  const release = (): void => {
    isHeld.current = false;
    onHold(false);
  };
  return (
    <div
      ref={line}
      role="slider"
      tabIndex={0}
      className="threshold threshold--moves"
      aria-label="Threshold"
      aria-orientation="vertical"
      aria-valuemin={Math.min(range[0], value)}
      aria-valuemax={Math.max(range[1], value)}
      aria-valuenow={value}
      aria-valuetext={text}
      style={{ top }}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <span className="threshold__value">{text}</span>
    </div>
  );
}
