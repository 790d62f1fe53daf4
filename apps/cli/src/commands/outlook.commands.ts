import type { Command } from 'commander';
import type { AttemptPhases, Run, TimelineBar, TimelineBucket } from '@drover/client';
import { colourOfState, formatted, writeOne, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { Coloured, terminal } from '../terminal/terminal.js';

type Options = ConnectOptions & { output: Format };

const short = (time: string | null): string => time?.slice(0, 19).replace('T', ' ') ?? '';
const seconds = (value: number | null): string => (value === null ? '' : `${value} s`);

/** Says why a job waits, when it will start, or why it ended, and how long its steps took. */
export function addExplain(program: Command): void {
  const command = program.command('explain').description('say why a job waits, when it starts, or why it ended');
  formatted(connecting(command.argument('<id>'))).action(async (id: string, options: Options) => {
    const { api } = openSession(options);
    const path = { params: { path: { id } } };
    const explanation = unwrap(await api.GET('/api/v1/jobs/{id}/explain', path));
    if (options.output !== 'table') return writeOne(options.output, explanation, ({ job_id }) => job_id);
    await terminal.line(explanation.summary);
    for (const [at, { message, remedy }] of explanation.reasons.entries()) {
      // The summary has said the first one.
      if (at > 0) await terminal.line(message);
      if (remedy !== null) await terminal.line(new Coloured(`  ${remedy}`, 'dim'));
    }
    if (explanation.start) {
      const { position, sentence } = explanation.start;
      await terminal.line(`${position === null ? '' : `Position ${position}. `}${sentence}`);
    }
    const { attempts } = unwrap(await api.GET('/api/v1/jobs/{id}/phases', path));
    for (const attempt of attempts) await terminal.line(stepsOf(attempt));
  });
}

function stepsOf({ attempt, node, phases }: AttemptPhases): string {
  const steps = phases.map(({ name, from, to, seconds: took, median_s }) => {
    const length = took === null ? (from !== null && to === null ? 'not over' : '-') : `${took} s`;
    return `${name} ${length}${median_s === null ? '' : ` (median ${Number(median_s.toFixed(3))} s)`}`;
  });
  return `Attempt ${attempt}${node === null ? '' : ` on ${node}`}: ${steps.join(', ')}`;
}

const RUNS: Column<Run>[] = [
  ['ID', (run) => run.id],
  ['STATE', (run) => colourOfState(run.state)],
  ['EXIT', (run) => (run.exit_code === null ? '' : String(run.exit_code))],
  ['NODE', (run) => run.node ?? ''],
  ['CREATED', (run) => short(run.created_at)],
  ['TOOK', (run) => seconds(run.duration_s)],
];

/** Lists the runs of the same command or name before a job. */
export function addRuns(program: Command): void {
  const command = program.command('runs').description('list the last runs of the same command (or name) before a job');
  formatted(connecting(command.argument('<id>'))).action(async (id: string, options: Options) => {
    const answer = await openSession(options).api.GET('/api/v1/jobs/{id}/runs', { params: { path: { id } } });
    await writeRows(options.output, unwrap(answer).last, RUNS, (run) => run.id);
  });
}

const BARS: Column<TimelineBar>[] = [
  ['NODE', (bar) => bar.node],
  ['SLOT', (bar) => String(bar.slot)],
  ['FROM', (bar) => short(bar.from)],
  [
    'TO',
    (bar) => (bar.to === null ? (bar.expected_end === null ? '' : `about ${short(bar.expected_end)}`) : short(bar.to)),
  ],
  [
    'OUTCOME',
    (bar) => colourOfState(bar.outcome === 'running' || bar.outcome === 'succeeded' ? bar.outcome : 'failed'),
  ],
  ['JOB', (bar) => bar.job?.id ?? 'of another project'],
  ['NAME', (bar) => (bar.job?.name ?? '').slice(0, 40)],
];

const BUCKETS: Column<TimelineBucket>[] = [
  ['NODE', (bucket) => bucket.node],
  ['FROM', (bucket) => short(bucket.from)],
  ['BUSY SLOTS', (bucket) => String(bucket.busy)],
  [
    'OUTCOMES',
    ({ outcomes, estimated }) =>
      `${estimated ? 'about ' : ''}${Object.entries(outcomes)
        .map(([outcome, n]) => `${outcome} ${n}`)
        .join(', ')}`,
  ],
];

/** Lists what ran where in a period. */
export function addTimeline(program: Command): void {
  const command = program
    .command('timeline')
    .description('list what ran on which node in a period')
    .option('--from <time>', 'a time with its zone, or how long ago, e.g. 2h', '1h')
    .option('--to <time>', 'the same (default: now)')
    .option('-q, --queue <queue>', 'only jobs of this queue')
    .option('-n, --node <node>', 'only this node');
  formatted(connecting(command)).action(
    async (options: Options & { from: string; to?: string; queue?: string; node?: string }) => {
      const { from, to, queue, node } = options;
      const query = {
        from,
        ...(to === undefined ? {} : { to }),
        ...(queue === undefined ? {} : { queue }),
        ...(node === undefined ? {} : { node }),
      };
      const timeline = unwrap(await openSession(options).api.GET('/api/v1/timeline', { params: { query } }));
      if (timeline.bars) await writeRows(options.output, timeline.bars, BARS, (bar) => bar.job?.id ?? '');
      else await writeRows(options.output, timeline.buckets, BUCKETS, (bucket) => bucket.from);
    },
  );
}
