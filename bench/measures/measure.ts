import type { Broker } from '../lib/broker.js';
import type { Row } from '../lib/numbers.js';

export interface Terms {
  /** Only shows that everything runs. */
  quick: boolean;
}

/** Something that is measured on a broker, and the bare things beside it. */
export interface Measure {
  about: string;
  /** It leaves the broker so changed that a second round would measure something else. */
  once?: boolean;
  /** It takes minutes, and is left out where nobody asks for it. */
  whenAsked?: boolean;
  ours: (broker: Broker, terms: Terms) => Promise<Row[]>;
  /** By name; the rows have the names of ours. */
  floors?: Record<string, (broker: Broker, terms: Terms) => Promise<Row[]>>;
  /** A floor whose medians are subtracted as well: one more row says what is ours beyond it. */
  beyond?: string;
}
