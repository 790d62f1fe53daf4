import type { Command } from 'commander';

/** `drover worker`: the worker of this machine, in the foreground. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description(
      'run the worker of this machine, with the settings that `drover enrol` wrote, until it is told to stop',
    )
    .option(
      '--file <file>',
      'the settings (default: /etc/drover/worker.env for root, else ~/.config/drover/worker.env)',
    )
    .action(async (options: { file?: string }) => {
      const { runWorker } = await import('../enrol/run-worker.js');
      await runWorker(options.file);
    });
}
