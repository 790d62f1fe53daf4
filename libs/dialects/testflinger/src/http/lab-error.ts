/** A refusal in this dialect's own words. */
export class LabError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly options: {
      detail?: Record<string, unknown>;
      /** The message alone, as text. */
      plain?: boolean;
      /** Stand where the message stands elsewhere. */
      messages?: Record<string, Faults>;
    } = {},
  ) {
    super(message);
    this.name = 'LabError';
  }
}

/** One or more messages of a field; or the same of what is inside it. */
export type Faults = string[] | { [field: string]: Faults };

/** 422 as clients print it. `place`: where the fields stand. */
export const validationError = (faults: Record<string, Faults>, place: 'json' | 'query' = 'json'): LabError =>
  new LabError(422, 'Validation error', { detail: { [place]: faults } });

export const badJobId = (): LabError => new LabError(400, 'Invalid job_id specified');
/** Some routes say it as text. */
export const badJobIdText = (): LabError => new LabError(400, 'Invalid job id', { plain: true });
