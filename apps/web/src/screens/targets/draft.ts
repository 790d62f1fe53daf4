import type { NewTarget } from '../../api/types.js';

/** A target as it is typed. */
export interface TargetDraft {
  address: string;
  period_s: string;
  job: string;
  keep: boolean;
}

export const EMPTY: TargetDraft = { address: '', period_s: '', job: '', keep: false };

/** The body of a request. What is no number goes as it is, so that the API says what is wrong with it. */
export function bodyOf({ address, period_s: period, job, keep }: TargetDraft): NewTarget {
  const number = Number(period);
  return {
    address: address.trim(),
    ...(period.trim() === '' ? {} : { period_s: Number.isFinite(number) ? number : (period as unknown as number) }),
    ...(job.trim() === '' ? {} : { job: job.trim() }),
    keep,
  };
}
