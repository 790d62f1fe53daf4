import { isDroverError, type Skipped } from '@drover/domain';

/** Reasons that are kept apart; further ones are counted together. */
const MOST_REASONS = 20;
const EXAMPLES = 5;
const REST = 'There were other reasons.';

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The reason why one job was left as it was: a sentence without its id, so that the same reason is the same text. */
export function reasonOf(error: unknown): string {
  if (!isDroverError(error)) return 'An error of the server kept it from being changed; its log says more.';
  const { state } = error.details;
  if (error.code === 'terminal' && typeof state === 'string') return `The job had already ended as ${state}.`;
  return error.message
    .replaceAll(/\bJob (?=[0-9a-f]{8}-)/g, 'The job ')
    .replaceAll(ID, '')
    .replaceAll(/ {2,}/g, ' ');
}

/** Counts a job that was skipped. */
export function addSkipped(skipped: Skipped[], reason: string, id: string): void {
  const known = skipped.find((group) => group.reason === reason);
  const group = known ?? (skipped.length < MOST_REASONS ? undefined : skipped.find((other) => other.reason === REST));
  if (group) {
    group.count += 1;
    if (group.examples.length < EXAMPLES) group.examples.push(id);
    return;
  }
  skipped.push({ reason: skipped.length < MOST_REASONS ? reason : REST, count: 1, examples: [id] });
}
