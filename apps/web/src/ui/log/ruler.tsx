/** Places on the ruler: hits that fall on one are one mark. */
const PLACES = 300;

interface RulerProps {
  hits: Iterable<number>;
  total: number;
  /** The chosen line; null: none. */
  chosen: number | null;
  /** Output is missing at the end. */
  hasGap: boolean;
  onGoTo: (number: number) => void;
}

/** Where the hits are in the whole log, beside the scroll bar. A press goes to the place; keys go from hit to hit. */
export function Ruler({ hits, total, chosen, hasGap, onGoTo }: RulerProps) {
  const placeOf = (number: number): number => Math.floor(((number - 1) / Math.max(1, total)) * PLACES);
  const places = new Map<number, number>();
  for (const number of hits) if (!places.has(placeOf(number))) places.set(placeOf(number), number);
  const styleAt = (place: number) => ({ top: `${(place / PLACES) * 100}%` });
  return (
    <div
      className="ruler"
      aria-hidden="true"
      onClick={(event) => {
        const { top, height } = event.currentTarget.getBoundingClientRect();
        const place = ((event.clientY - top) / height) * PLACES;
        // The nearest hit, where one is near.
        const near = [...places.keys()].sort((one, other) => Math.abs(one - place) - Math.abs(other - place))[0];
        const hit = near !== undefined && Math.abs(near - place) < 6 ? places.get(near) : undefined;
        onGoTo(hit ?? Math.round((place / PLACES) * total));
      }}
    >
      {[...places].map(([place]) => (
        <span key={place} className="ruler__hit" style={styleAt(place)} />
      ))}
      {chosen !== null && chosen <= total && <span className="ruler__chosen" style={styleAt(placeOf(chosen))} />}
      {hasGap && <span className="ruler__gap" />}
    </div>
  );
}
