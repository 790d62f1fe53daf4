import { useEffect, useRef } from 'react';
import Plot from 'uplot';
import { dataOf, HEIGHT_PX, optionsOf, type ChartFigure } from './plot.js';

interface ChartProps {
  /** Seconds since the start. */
  times: number[];
  figure: ChartFigure;
  /** Charts of one group show the same moment. */
  group: string;
}

/** One figure over the time since the start. `figure` is drawn anew when it is another object. */
export default function Chart({ times, figure, group }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const options = optionsOf(figure, { group, elapsed: true, width: element.clientWidth });
    const plot = new Plot(options, dataOf(times, figure), element);
    const watcher = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [times, figure, group]);
  return (
    <figure className="panel chart">
      <figcaption className="panel__head">{figure.title}</figcaption>
      <div ref={place} role="img" aria-label={`${figure.title} over time`} />
    </figure>
  );
}
