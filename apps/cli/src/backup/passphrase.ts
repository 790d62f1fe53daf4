import { assertPassphrase } from '@drover/backup';
import type { Config } from '@drover/config';
import { DroverError } from '@drover/domain';
import { ask, canAsk } from '../terminal/prompt.js';

const NONE =
  'set DROVER_BACKUP_PASSPHRASE_FILE to a file that holds it (or DROVER_BACKUP_PASSPHRASE), run this at a terminal';

/** The passphrase of a backup that is made: from the settings, else asked for, twice. */
export async function newPassphrase({ cli }: Config): Promise<string> {
  if (cli.backupPassphrase !== null) return cli.backupPassphrase;
  if (!canAsk())
    throw new DroverError(
      'invalid',
      `A backup with keys needs a passphrase: ${NONE}, or leave the keys out with --no-keys.`,
    );
  const passphrase = (await ask('Passphrase for the keys of this installation (not shown): ', { hidden: true })) ?? '';
  assertPassphrase(passphrase);
  if ((await ask('The same again: ', { hidden: true })) !== passphrase)
    throw new DroverError('invalid', 'The two passphrases differ.');
  return passphrase;
}

/** The passphrase of a backup that is there; null: nobody has given one. */
export async function knownPassphrase({ cli }: Config): Promise<string | null> {
  if (cli.backupPassphrase !== null) return cli.backupPassphrase;
  if (!canAsk()) return null;
  return (await ask('Passphrase of the backup (not shown): ', { hidden: true })) || null;
}

/** Refuses to restore keys that nobody has the passphrase of. */
export const noPassphrase = (): DroverError =>
  new DroverError(
    'invalid',
    `The keys of this backup need its passphrase: ${NONE}, or restore without keys (--no-keys).`,
  );
