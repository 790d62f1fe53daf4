import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { SubmitJob } from '@drover/client';
import { attend } from '../client/attend.js';
import { jobOf, jobOptions, type JobOptions } from '../client/job-options.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { expiryOf } from '../client/wait-limit.js';
import { exitCodesHelp } from '../exit.js';
import { terminal } from '../terminal/terminal.js';

/** `drover run -- CMD`: submits, shows the output live, exits as the job did. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description("run a command as a job: live output, and the job's exit code")
    .argument('<command...>', 'the program and its arguments, after --')
    .option('-d, --detach', 'print the id and do not wait')
    .option('--raw', 'on a terminal: let every escape sequence through, not only colours')
    .addHelpText('after', `\n${exitCodesHelp()}`)
    // Everything behind the command's name is the command's, also without --.
    .passThroughOptions();
  connecting(jobOptions(command)).action(
    async (words: string[], options: JobOptions & ConnectOptions & { detach?: boolean; raw?: boolean }) => {
      const session = openSession(options);
      const body: SubmitJob = { ...jobOf(options), ...(await expiryOf(session, options.waitLimit)), command: words };
      const job = unwrap(
        await session.api.POST('/api/v1/jobs', { body, headers: { 'idempotency-key': randomUUID() } }),
      );
      if (options.detach) return terminal.out(`${job.id}\n`);
      if (terminal.isTerminal('stderr')) await terminal.err(`job ${job.id}\n`);
      process.exitCode = await attend(session, { jobId: job.id, show: true, raw: options.raw ?? false, ownsJob: true });
    },
  );
}
