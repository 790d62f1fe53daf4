/** A moment of a job that its log and its charts show. */
export interface Moment {
  /** A time (ISO 8601). */
  at: string;
  /** Null: the last one. */
  execution: string | null;
  /** The lines of the log that were chosen, as `#L120-L140`; empty: none. */
  lines: string;
}

/** The address of a job's charts with a moment marked. The way back leads to the same lines. */
export const chartsAt = (job: string, { at, execution, lines }: Moment): string =>
  `/jobs/${job}?${new URLSearchParams({ tab: 'charts', ...(execution === null ? {} : { execution }), at })}${lines}`;

/** The address of a job's log at a moment: at its lines where they are known, else at the line of its time. */
export const logAt = (job: string, { at, execution, lines }: Moment): string =>
  `/jobs/${job}?${new URLSearchParams({ ...(execution === null ? {} : { execution }), ...(lines === '' ? { at } : {}) })}${lines}`;
