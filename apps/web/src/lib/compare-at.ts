/** The word that stands for the median of the last runs in the address of a comparison. */
export const MEDIAN = 'median';

/** The address of a job's comparison with another one. Default: with the median of the last runs of its command. */
export const compareAt = (job: string, other: string = MEDIAN): string =>
  `/profiles/compare?${new URLSearchParams({ a: job, b: other }).toString()}`;
