import type { Command } from 'commander';
import { terminal } from '../terminal/terminal.js';

const DAY_S = 86_400;

/** The keys of the installation. Works on the database and the key file, not over HTTP. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('list and change the keys that sign tokens and seal stored secrets');

  keys
    .command('list')
    .description('all keys, the newest first; never themselves')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { withKeyring } = await import('../keys/with-keyring.js');
      const all = await withKeyring((ring) => ring.list());
      if (options.json) await terminal.json(all);
      else
        await terminal.table(
          ['KEY', 'STATE', 'SINCE', 'TAKEN UNTIL'],
          all.map((key) => [key.id, key.state, key.since.toISOString(), key.ends_at?.toISOString() ?? 'no end']),
        );
    });

  keys
    .command('rotate')
    .description('make a new key; every API takes it up within 30 s, without a restart')
    .option('--keep <days>', 'how long what the present key signed is still taken', '7')
    .option('--now', 'the present key is known to others: what it signed counts no more, so everybody logs in again')
    .action(async (options: { keep: string; now?: boolean }) => {
      const [{ DroverError }, { withKeyring }] = await Promise.all([
        import('@drover/domain'),
        import('../keys/with-keyring.js'),
      ]);
      const days = Number(options.keep);
      if (!(days >= 0 && days <= 3_650))
        throw new DroverError('invalid', `--keep ${options.keep}: must be a number of days from 0 to 3650.`);
      const fresh = await withKeyring((ring) =>
        ring.rotate(options.now ? { keepS: 0, spreadS: 0 } : { keepS: days * DAY_S }),
      );
      await terminal.out(
        options.now
          ? `Key ${fresh.id} is the present one. APIs that run take it up within 10 s; no other key counts then.\n`
          : `Key ${fresh.id} is the present one from ${fresh.since.toISOString()} on; what earlier keys signed is taken for ${days} more days.\n`,
      );
    });

  keys
    .command('reset')
    .description('make new keys because the key file is lost; logins end, stored secrets are lost')
    .requiredOption('--yes', 'say that this is meant')
    .action(async () => {
      const { resetKeyring } = await import('../keys/with-keyring.js');
      await terminal.out(`New keys are made; they are sealed with ${await resetKeyring()}. Start every API again.\n`);
    });
}
