/** The kinds of limits of a project. API, record and settings use these words. */
export const QUOTAS = ['waiting_jobs', 'log_bytes', 'artifacts', 'artifact_bytes', 'series'] as const;
export type Quota = (typeof QUOTAS)[number];

/** A number for each quota: limits (0: no limit), or what is in use. */
export type QuotaValues = Record<Quota, number>;

/** The things that a quota counts, in a sentence. */
const QUOTA_ABOUT: Record<Quota, string> = {
  waiting_jobs: 'jobs that have not started',
  log_bytes: 'bytes of output kept',
  artifacts: 'artifacts kept',
  artifact_bytes: 'bytes of artifacts kept',
  series: 'series of metrics that clients tell',
};

/** The act that makes room, besides a higher limit. */
const REMEDY: Record<Quota, string> = {
  waiting_jobs: 'Wait until some of them have started, or cancel some',
  log_bytes: 'Delete jobs that have ended',
  artifacts: 'Delete jobs that have ended',
  artifact_bytes: 'Delete jobs that have ended',
  series: 'Stop programs that push, or push fewer names',
};

/** One sentence for every refusal: the quota, what is used of it, what was asked for, and what helps. */
export function quotaText(
  project: string,
  quota: Quota,
  facts: { used: number; limit: number; asked?: number },
): string {
  const { used, limit, asked } = facts;
  const more = asked === undefined || asked <= 1 ? '' : `, and ${asked} more do not fit`;
  const state = `Project ${project} uses ${used} of its quota ${quota} of ${limit} (${QUOTA_ABOUT[quota]})${more}.`;
  return `${state} ${REMEDY[quota]}, or ask an operator for more (drover projects set ${project} --quota ${quota}=N).`;
}
