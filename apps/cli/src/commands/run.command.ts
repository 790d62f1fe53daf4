import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { SubmitJob } from '@drover/client';
import { attend } from '../client/attend.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { jobOf, jobOptions, type JobOptions } from '../client/job-options.js';

/** `drover run -- CMD`: submits, shows the output live, exits as the job did. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('run a command as a job: live output, its exit code (128+n for a signal, 124 for a time-out, 125 when the broker failed)')
    .argument('<command...>', 'the program and its arguments, after --')
    .option('-d, --detach', 'print the id and do not wait')
    // What follows the command's name is the command's, also without --.
    .passThroughOptions();
  connecting(jobOptions(command)).action(async (words: string[], options: JobOptions & ConnectOptions & { detach?: boolean }) => {
    const session = openSession(options);
    const body: SubmitJob = { ...jobOf(options), command: words };
    const job = unwrap(await session.api.POST('/api/v1/jobs', { body, headers: { 'idempotency-key': randomUUID() } }));
    if (options.detach) {
      process.stdout.write(`${job.id}\n`);
      return;
    }
    if (process.stderr.isTTY) process.stderr.write(`job ${job.id}\n`);
    process.exitCode = await attend(session, { jobId: job.id, show: true, ownsJob: true });
  });
}
