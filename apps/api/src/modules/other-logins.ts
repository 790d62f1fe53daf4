import { isReservedName } from '@drover/access';
import type { Config } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { DroverError } from '@drover/domain';

/** Names of the logins that dialects have of their own. No client is meant by them. */
export const otherLogins = (config: Config): string[] => DIALECTS.flatMap((dialect) => dialect.logins?.(config) ?? []);

/** Throws `invalid` for a login of a dialect that would own what nobody logged in for. */
export function demandOwnNames(config: Config): void {
  const reserved = otherLogins(config).find(isReservedName);
  if (config.auth === 'none' || reserved === undefined) return;
  throw new DroverError(
    'invalid',
    `The name ${reserved} stands for nobody who logs in; choose another one in FLUX_USER, FLUX_USERS and BASIC_AUTH_USERNAME.`,
  );
}
