import type { JobState } from '../api/types.js';
import { TONE_OF } from './state.js';

/** Draws a state into a square: its colour, and a shape that says the same to those who see no colours. */
type Shape = (context: CanvasRenderingContext2D, size: number) => void;

const outline: Shape = (context, size) => context.strokeRect(0.5, 0.5, size - 1, size - 1);
const line = (context: CanvasRenderingContext2D, ...points: readonly [x: number, y: number][]): void => {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
};
const area = (context: CanvasRenderingContext2D, ...points: readonly [x: number, y: number][]): void => {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.fill();
};

const SHAPES: Readonly<Record<JobState, Shape>> = {
  scheduled: (context, size) => context.fillRect(size * 0.35, size * 0.35, size * 0.3, size * 0.3),
  queued: outline,
  claimed: (context, size) => {
    outline(context, size);
    context.fillRect(0, size / 2, size, size / 2);
  },
  running: (context, size) => area(context, [0, 0], [size, size / 2], [0, size]),
  cancelling: (context, size) => {
    outline(context, size);
    line(context, [0, size], [size, 0]);
  },
  succeeded: (context, size) => context.fillRect(0, 0, size, size),
  failed: (context, size) => {
    context.lineWidth = Math.max(2, size / 4);
    line(context, [0, 0], [size, size]);
    line(context, [0, size], [size, 0]);
  },
  cancelled: (context, size) => {
    context.lineWidth = Math.max(1.5, size / 5);
    line(context, [0, size], [size, 0]);
  },
  expired: (context, size) => {
    area(context, [0, 0], [size, 0], [size / 2, size / 2]);
    area(context, [0, size], [size, size], [size / 2, size / 2]);
  },
};

/** Draws the states of cells, row by row, `columns` in each; sizes in pixels of the page. */
export function drawCells(
  canvas: HTMLCanvasElement,
  states: readonly JobState[],
  { columns, size, gap }: { columns: number; size: number; gap: number },
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const step = size + gap;
  const rows = Math.ceil(states.length / columns);
  const scale = devicePixelRatio;
  canvas.width = Math.round(columns * step * scale);
  canvas.height = Math.round(rows * step * scale);
  canvas.style.width = `${columns * step}px`;
  canvas.style.height = `${rows * step}px`;
  const style = getComputedStyle(canvas);
  const colours = new Map<string, string>();
  for (const [at, state] of states.entries()) {
    const tone = TONE_OF[state];
    const colour = colours.get(tone) ?? style.getPropertyValue(`--${tone}`).trim();
    colours.set(tone, colour);
    context.setTransform(scale, 0, 0, scale, (at % columns) * step * scale, Math.floor(at / columns) * step * scale);
    context.fillStyle = context.strokeStyle = colour;
    context.lineWidth = 1;
    SHAPES[state](context, size);
  }
}
