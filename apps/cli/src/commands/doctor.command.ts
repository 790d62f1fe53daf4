import { Option, type Command } from 'commander';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check everything Drover needs here; says what to do about each problem')
    .addOption(new Option('--output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--bundle <file>', 'also write one archive (.tar.gz) for support: what was found, without secrets')
    .action(async (options: { output: 'table' | 'json'; bundle?: string }) => {
      const { doctor } = await import('../doctor/doctor.js');
      process.exitCode = await doctor(options.output, options.bundle);
    });
}
