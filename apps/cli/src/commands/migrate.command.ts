import type { Command } from 'commander';
import { terminal } from '../terminal/terminal.js';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      'bring the database (and the ticket store) to the schema of this version; safe to run anywhere, any number at once',
    )
    .option('--only-new', 'make a schema in an empty database, but refuse to change an existing one')
    .option('--finish', 'take away what only the release before needs: when none of its APIs serves any more')
    .action(async ({ onlyNew = false, finish = false }: { onlyNew?: boolean; finish?: boolean }) => {
      const { migrateAll } = await import('../migrate/migrate-all.js');
      await terminal.out(`${await migrateAll({ onlyNew, finish })}\n`);
    });
}
