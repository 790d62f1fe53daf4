import type { Command } from 'commander';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('run a whole broker on this machine: database, API and one worker, until Ctrl-C')
    .option('--no-first-job', 'do not run a first job to show that everything works')
    .option('--verbose', 'show every log line, not only the problems')
    .action(async (options: { firstJob: boolean; verbose?: boolean }) => {
      const { up } = await import('../up/up.js');
      process.exitCode = await up({ firstJob: options.firstJob, verbose: options.verbose ?? false });
    });
}
