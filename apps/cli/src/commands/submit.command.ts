import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { SubmitJob } from '@drover/client';
import { jobOf, jobOptions, type JobOptions } from '../client/job-options.js';
import { formatted, writeOne, writeRows, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { expiryOf } from '../client/wait-limit.js';
import { readStdin } from '../terminal/prompt.js';
import { terminal } from '../terminal/terminal.js';

/** Read of standard input at most. The API takes less, and says how much (GET /api/v1/limits). */
const LONGEST_FILE_BYTES = 128 * 1024 ** 2;

/** A key of one submit: sent again after a lost answer it makes nothing twice. */
const newKey = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

/** `drover submit`: one job by flags or from a file, or the `jobs` of a file as one batch. */
export function addSubmit(program: Command): void {
  const command = program
    .command('submit')
    .description('submit a job (or the jobs of a file) and do not wait')
    .argument('[command...]', 'the program and its arguments, after --')
    .option('-f, --file <file>', 'a job in JSON or YAML, or {jobs: […]}; - is standard input')
    .passThroughOptions();
  formatted(connecting(jobOptions(command))).action(
    async (words: string[], options: JobOptions & ConnectOptions & { file?: string; output: Format }) => {
      const session = openSession(options);
      const given = options.file === undefined ? {} : await readJob(options.file);
      if ('jobs' in given) {
        const { ids } = unwrap(
          await session.api.POST('/api/v1/jobs/batch', { body: given as { jobs: SubmitJob[] }, headers: newKey() }),
        );
        await writeRows(
          options.output,
          ids.map((id) => ({ id })),
          [['ID', (row) => row.id]],
          (row) => row.id,
        );
        return;
      }
      const body = {
        ...given,
        ...jobOf(options),
        ...(await expiryOf(session, options.waitLimit)),
        ...(words.length > 0 ? { command: words } : {}),
      } as SubmitJob;
      const job = unwrap(await session.api.POST('/api/v1/jobs', { body, headers: newKey() }));
      if (options.output === 'table') await terminal.out(`${job.id}\n`);
      else await writeOne(options.output, job, (one) => one.id);
    },
  );
}

async function readJob(file: string): Promise<object> {
  const source = file === '-' ? await readStdin(LONGEST_FILE_BYTES) : await readFile(file, 'utf8');
  const { parse } = await import('yaml');
  // YAML holds JSON; aliases are limited by the parser.
  const value: unknown = parse(source);
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Error(`${file} must hold one job, or {jobs: […]}.`);
  return value;
}
