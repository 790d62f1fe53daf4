import { DroverError } from '@drover/domain';

export type EmbeddedReason =
  | 'in_use'
  | 'unwritable'
  | 'other_version'
  | 'no_binaries'
  | 'port_taken'
  | 'no_user'
  | 'start_failed';

/** Why Drover's own Postgres cannot run, in one line a person can act on. `details.reason` is the machine's word for it. */
export function embeddedProblem(
  reason: EmbeddedReason,
  message: string,
  details: Record<string, unknown> = {},
): DroverError {
  return new DroverError(reason === 'in_use' || reason === 'port_taken' ? 'conflict' : 'unavailable', message, {
    reason,
    ...details,
  });
}
