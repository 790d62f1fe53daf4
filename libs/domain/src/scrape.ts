export const SCRAPE_KINDS = ['prometheus', 'proxy'] as const;
export type ScrapeKind = (typeof SCRAPE_KINDS)[number];

/** The health of a target by its last scrape. */
export const SCRAPE_HEALTHS = ['unknown', 'up', 'down'] as const;
export type ScrapeHealth = (typeof SCRAPE_HEALTHS)[number];

/** An exporter or another proxy whose metrics are fetched. */
export interface ScrapeTarget {
  id: string;
  /** `host:port`, or `host` for port 80, as it was given: another spelling is another target. */
  address: string;
  kind: ScrapeKind;
  period_s: number;
  /** Fetched only while this job of Drover's runs, and part of it. */
  job: string | null;
  /** Failures in a row after which it is dropped. null: never, it is tried more and more seldom. */
  drop_after: number | null;
  health: ScrapeHealth;
  failures: number;
  last_error: string | null;
  /** End of the last one that succeeded. */
  last_scrape_at: Date | null;
  last_duration_ms: number | null;
  /** Series of the last one. */
  series: number;
  /** Installations of Drover that it and those below it are. */
  tree: string[];
  owner: string;
  project: string;
  created_at: Date;
}
