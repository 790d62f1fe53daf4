import type { Command } from 'commander';

export function addPostgres(program: Command): void {
  program
    .command('postgres')
    .description(
      'run the PostgreSQL of the data folder until a signal, for an API that is a service of its own; writes its addresses into files',
    )
    .action(async () => {
      const { servePostgres } = await import('../postgres/serve-postgres.js');
      process.exitCode = await servePostgres();
    });
}
