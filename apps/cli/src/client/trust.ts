import { ownSettings } from '@drover/config';

/**
 * Lets this process trust the authorities of DROVER_CA. It asks for nothing where that is not set: most commands start
 * without it.
 */
export async function trustOwnAuthorities(): Promise<void> {
  const file = ownSettings()['DROVER_CA']?.trim();
  if (!file) return;
  const { trusted, trustEverywhere } = await import('@drover/trust');
  trustEverywhere(trusted(file));
}
