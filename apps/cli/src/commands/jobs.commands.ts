import { Option, type Command } from 'commander';
import type { Job, JobFilter } from '@drover/client';
import { attend } from '../client/attend.js';
import { changeMany } from '../client/bulk.js';
import { parseFilter } from '../client/filter.js';
import { number } from '../client/job-options.js';
import { lineRange, writeLines } from '../client/lines.js';
import { colourOfState, formatted, writeOne, writeRows, type Column, type Format } from '../client/output.js';
import { searchLog } from '../client/search.js';
import { connecting, openSession, Refused, unwrap, type ConnectOptions } from '../client/session.js';
import { EXIT } from '../exit.js';
import { terminal } from '../terminal/terminal.js';
import { bulk, demandOne, type ManyOptions } from './change.commands.js';

type Options = ConnectOptions & { output: Format };

interface LogOptions {
  follow?: boolean;
  tail?: number;
  stream?: 'stdout' | 'stderr';
  raw?: boolean;
  lines?: string;
  grep?: string;
  fixed?: boolean;
  ignoreCase?: boolean;
  context?: number;
}

const COLUMNS: Column<Job>[] = [
  ['ID', (job) => job.id],
  ['STATE', (job) => colourOfState(job.state)],
  ['EXIT', (job) => (job.exit_code === null ? '' : String(job.exit_code))],
  ['QUEUE', (job) => job.queue],
  ['NODE', (job) => job.node ?? ''],
  ['CREATED', (job) => job.created_at.slice(0, 19).replace('T', ' ')],
  ['NAME', (job) => (job.name ?? commandOf(job)).slice(0, 60)],
];
const commandOf = (job: Job): string => (Array.isArray(job.command) ? job.command.join(' ') : (job.command ?? ''));

export function addList(program: Command): void {
  const command = program
    .command('list')
    .alias('ls')
    .description('list jobs, newest first')
    .option('-s, --state <states...>', 'only these states')
    .option('-q, --queue <queue>', 'only this queue')
    .option('-t, --tag <tags...>', 'only jobs with all of these tags')
    .option('--owner <owner>', 'only jobs of this client')
    .option('--search <text>', 'part of id, name or command')
    .option('-f, --filter <filter>', 'the same and more as a text, e.g. "queue:builds state:failed created>2h"')
    .option('--count', 'say how many there are, and list none')
    .option('-l, --limit <n>', 'at most so many', number, 50);
  formatted(connecting(command)).action(
    async (
      options: Options & {
        state?: Job['state'][];
        queue?: string;
        tag?: string[];
        owner?: string;
        search?: string;
        filter?: string;
        count?: boolean;
        limit: number;
      },
    ) => {
      const { api } = openSession(options);
      const filter: JobFilter = {
        ...(options.state ? { state: options.state } : {}),
        ...(options.queue === undefined ? {} : { queue: options.queue }),
        ...(options.tag ? { tag: options.tag } : {}),
        ...(options.owner === undefined ? {} : { owner: options.owner }),
        ...(options.search === undefined ? {} : { q: options.search }),
        ...(options.filter === undefined ? {} : parseFilter(options.filter)),
      };
      if (options.count) {
        const counted = unwrap(await api.GET('/api/v1/jobs/count', { params: { query: filter } }));
        if (options.output !== 'table') return writeOne(options.output, counted, ({ count }) => String(count));
        return terminal.out(`${counted.exact ? '' : 'at least '}${counted.count}\n`);
      }
      const jobs: Job[] = [];
      let cursor: string | undefined;
      do {
        const limit = Math.min(1_000, options.limit - jobs.length);
        const query = { ...filter, limit, ...(cursor === undefined ? {} : { cursor }) };
        const page = unwrap(await api.GET('/api/v1/jobs', { params: { query } }));
        jobs.push(...page.jobs);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined && jobs.length < options.limit);
      await writeRows(options.output, jobs, COLUMNS, (job) => job.id);
    },
  );
}

export function addGet(program: Command): void {
  formatted(connecting(program.command('get').description('show a job').argument('<id>'))).action(
    async (id: string, options: Options) => {
      await writeOne(
        options.output,
        unwrap(await openSession(options).api.GET('/api/v1/jobs/{id}', { params: { path: { id } } })),
        (job) => job.id,
      );
    },
  );
}

export function addLogs(program: Command): void {
  const command = program
    .command('logs')
    .description("write a job's output: stdout to stdout, stderr to stderr")
    .argument('<id>')
    .option('-f, --follow', 'go on until the job has ended')
    .option('--tail <n>', 'the last so many lines', number)
    .option('--lines <range>', 'these lines with their numbers: 120, 120-140, 120-, or -20 for the last 20')
    .option('--grep <pattern>', 'only lines that match this regular expression (RE2), with their numbers')
    .option('-F, --fixed', 'with --grep: the pattern is a text')
    .option('-i, --ignore-case', 'with --grep: upper and lower case are the same')
    .option('-C, --context <n>', 'with --grep: so many lines before and after each', number)
    .addOption(new Option('--stream <stream>', 'one of them alone').choices(['stdout', 'stderr']))
    .option('--raw', 'on a terminal: let every escape sequence through, not only colours');
  connecting(command).action(async (id: string, options: ConnectOptions & LogOptions) => {
    const session = openSession(options);
    if (options.lines !== undefined) return writeLines(session, id, lineRange(options.lines), options.stream);
    if (options.grep !== undefined) {
      const hits = await searchLog(session, {
        jobId: id,
        pattern: options.grep,
        fixed: options.fixed ?? false,
        ignoreCase: options.ignoreCase ?? false,
        before: options.context ?? 0,
        after: options.context ?? 0,
        follow: options.follow ?? false,
        ...(options.stream ? { stream: options.stream } : {}),
      });
      if (hits === 0) process.exitCode = EXIT.nothingFound;
      return;
    }
    if (options.follow) {
      const code = await attend(session, {
        jobId: id,
        show: true,
        ownsJob: false,
        raw: options.raw ?? false,
        ...(options.stream ? { stream: options.stream } : {}),
        ...(options.tail === undefined ? {} : { tail: options.tail }),
      });
      // The reading succeeded, whatever became of the job; only a break by the reader shows.
      process.exitCode = code === 130 ? 130 : 0;
      return;
    }
    // A tail is of both streams together; a whole is written stream by stream, each where it belongs.
    const streams = options.stream
      ? [options.stream]
      : options.tail === undefined
        ? (['stdout', 'stderr'] as const)
        : [undefined];
    for (const stream of streams) {
      const query = { ...(stream ? { stream } : {}), ...(options.tail === undefined ? {} : { tail: options.tail }) };
      const answer = await session.api.GET('/api/v1/jobs/{id}/logs', {
        params: { path: { id }, query },
        parseAs: 'stream',
      });
      const body = unwrap(answer) as unknown as AsyncIterable<Uint8Array> | null;
      for await (const part of body ?? []) {
        await terminal.log(stream ?? 'stdout', Buffer.from(part), options.raw ?? false);
        if (terminal.isGone(stream ?? 'stdout')) break;
      }
    }
    await terminal.endLog();
  });
}

export function addWait(program: Command): void {
  connecting(
    program
      .command('wait')
      .description('wait for the end of jobs; exits with the code of the first that did not succeed')
      .argument('<ids...>'),
  ).action(async (ids: string[], options: ConnectOptions) => {
    const session = openSession(options);
    const codes: number[] = [];
    for (const jobId of ids) codes.push(await attend(session, { jobId, show: false, ownsJob: false }));
    process.exitCode = codes.find((code) => code !== 0) ?? 0;
  });
}

export function addCancel(program: Command): void {
  const command = program
    .command('cancel')
    .description('cancel jobs')
    .argument('[ids...]')
    .option('--reason <text>', 'why');
  formatted(connecting(bulk(command))).action(
    async (ids: string[], options: Options & ManyOptions & { reason?: string }) => {
      demandOne(ids, options.filter);
      const session = openSession(options);
      const because = options.reason === undefined ? {} : { reason: options.reason };
      if (options.filter !== undefined) {
        const request = { action: 'cancel' as const, filter: parseFilter(options.filter), ...because };
        return changeMany(session, request, { yes: options.yes ?? false, output: options.output });
      }
      await each(ids, options.output, (id) =>
        session.api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } }, body: because }),
      );
    },
  );
}

export function addRetry(program: Command): void {
  const command = program.command('retry').description('run ended jobs again').argument('[ids...]');
  formatted(connecting(bulk(command))).action(async (ids: string[], options: Options & ManyOptions) => {
    demandOne(ids, options.filter);
    const session = openSession(options);
    if (options.filter !== undefined) {
      const request = { action: 'retry' as const, filter: parseFilter(options.filter) };
      return changeMany(session, request, { yes: options.yes ?? false, output: options.output });
    }
    await each(ids, options.output, (id) => session.api.POST('/api/v1/jobs/{id}/retry', { params: { path: { id } } }));
  });
}

/** One after the other; what is refused is told, and the rest is still tried. */
async function each(
  ids: string[],
  output: Format,
  act: (id: string) => Promise<{ data?: Job; error?: unknown; response: Response }>,
): Promise<void> {
  const done: Job[] = [];
  const refused: Refused[] = [];
  for (const id of ids) {
    try {
      done.push(unwrap(await act(id)));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await terminal.say(error.message);
      refused.push(error);
    }
  }
  if (refused.length > 0)
    process.exitCode =
      refused.every(({ status }) => status === 404) && done.length === 0 ? EXIT.notFound : EXIT.someRefused;
  if (done.length > 0) await writeRows(output, done, COLUMNS, (job) => job.id);
}

export function addPin(program: Command): void {
  const pin = program.command('pin').description('keep jobs, with all that belongs to them, however old they are');
  formatted(connecting(pin.argument('<ids...>'))).action(async (ids: string[], options: Options) => {
    const { api } = openSession(options);
    await each(ids, options.output, (id) => api.POST('/api/v1/jobs/{id}/pin', { params: { path: { id } } }));
  });
  const unpin = program.command('unpin').description('let pinned jobs go when they have had their time');
  formatted(connecting(unpin.argument('<ids...>'))).action(async (ids: string[], options: Options) => {
    const { api } = openSession(options);
    await each(ids, options.output, (id) => api.POST('/api/v1/jobs/{id}/unpin', { params: { path: { id } } }));
  });
}
