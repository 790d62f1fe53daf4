import type { Broker } from '../lib/broker.js';
import type { Row } from '../lib/numbers.js';

export interface Terms {
  /** Only shows that everything runs. */
  quick: boolean;
  /** When the Redis of a peer syncs its log. */
  fsync: 'everysec' | 'always';
  /** Finished jobs of the history; null: as many as the measure makes by itself. */
  jobs: number | null;
}

/** Measures something on a broker, or beside it. A floor's rows have the names of ours. */
export type Floor = (broker: Broker, terms: Terms) => Promise<Row[]>;

/** Things that are there as long as one measure runs. */
export interface Opened {
  /** More floors, by name. */
  floors?: Record<string, Floor>;
  /** These floors are brokers: a verdict stands beside them. */
  rivals?: boolean;
  /** Sentences to be read beside the figures. */
  notes?: string[];
  close: () => Promise<void>;
}

/** Something that is measured on a broker, and the bare things beside it. */
export interface Measure {
  about: string;
  /** True: it leaves the broker so changed that a second round would measure something else. */
  once?: boolean;
  /** True: it takes minutes, and is left out where nobody asks for it. */
  whenAsked?: boolean;
  /** Called before the rounds with the brokers that are measured, this tree's first. */
  open?: (brokers: readonly Broker[], terms: Terms) => Promise<Opened>;
  ours: Floor;
  floors?: Record<string, Floor>;
  /** A floor whose medians are subtracted as well: one more row says what is ours beyond it. */
  beyond?: string;
}
