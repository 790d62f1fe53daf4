import type { components } from './api.generated.js';

/**
 * The line to run on a new machine, for a new invitation. The token stands in the environment, not among the arguments,
 * which others on that machine can read.
 */
export function enrolLine(
  url: string,
  { token, ca_fingerprint }: Pick<components['schemas']['NewInvitationDto'], 'token' | 'ca_fingerprint'>,
): string {
  const pin = ca_fingerprint === null || !url.startsWith('https:') ? '' : ` --ca-fingerprint ${ca_fingerprint}`;
  return `DROVER_ENROL_TOKEN=${token} drover enrol --url ${url}${pin}`;
}
