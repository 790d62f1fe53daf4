import type { Command } from 'commander';
import type { Figure, Profile, ProfileHead, ProfileMetric } from '@drover/client';
import { number } from '../client/job-options.js';
import { colourOfState, formatted, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { terminal } from '../terminal/terminal.js';

type Options = ConnectOptions & { output: Format };

const MIB = 1024 * 1024;
const short = (value: number | null): string => (value === null ? '' : String(Number(value.toPrecision(5))));

const PROFILES: Column<ProfileHead>[] = [
  ['JOB', (profile) => profile.job],
  ['NAME', (profile) => (profile.name ?? profile.command).slice(0, 40)],
  ['OUTCOME', (profile) => (profile.outcome === null ? '' : colourOfState(profile.outcome))],
  ['ENDED', (profile) => profile.finished_at.slice(0, 19).replace('T', ' ')],
  ['TOOK', ({ summary: { wall_s: wall } }) => (wall === null ? '' : `${short(wall)} s`)],
  ['CPU', ({ summary: { cpu_seconds: cpu } }) => (cpu === null ? '' : `${short(cpu)} s`)],
  [
    'MEMORY',
    ({ summary: { peak_memory_bytes: peak } }) => (peak === null ? '' : `${short(Math.round(peak / MIB))} MiB`),
  ],
];

const METRICS: Column<ProfileMetric>[] = [
  ['METRIC', (metric) => metric.name],
  ['VALUE', (metric) => short(metric.value)],
  ['MEANING', (metric) => metric.doc.slice(0, 60)],
];

const FIGURES: Column<Figure>[] = [
  ['FIGURE', (figure) => figure.name],
  ['JOB', (figure) => short(figure.job)],
  ['WITH', (figure) => short(figure.with)],
  ['RATIO', (figure) => (figure.ratio === null ? '' : `${figure.ratio.toFixed(2)}${verdictOf(figure)}`)],
  ['RUNS', ({ low, high }) => (low === null || high === null ? '' : `${short(low)} to ${short(high)}`)],
];

const verdictOf = ({ ratio, better }: Figure): string =>
  ratio === null || better === null || ratio === 1 ? '' : ratio < 1 ? ' better' : ' worse';

/** Profiles: what remains of finished jobs, and how they compare. */
export function addProfiles(program: Command): void {
  const profiles = program.command('profiles').description('what finished jobs used, and how they compare');
  addListOf(profiles);
  addShow(profiles);
  addCompare(profiles);
}

function addListOf(profiles: Command): void {
  const list = profiles
    .command('list')
    .description('list profiles, the newest first')
    .option('--command <text>', 'of exactly this command')
    .option('-q, --queue <queue>', 'of jobs of this queue')
    .option('--owner <owner>', 'of jobs of this owner')
    .option('--since <time>', 'ended since: a time with its zone, or how long ago, e.g. 2h')
    .option('--find <text>', 'with this in the id, the name or the command')
    .option('--limit <n>', 'how many', number, 20);
  formatted(connecting(list)).action(
    async (
      options: Options & {
        command?: string;
        queue?: string;
        owner?: string;
        since?: string;
        find?: string;
        limit: number;
      },
    ) => {
      const { command, queue, owner, since, find, limit } = options;
      const query = {
        limit,
        ...(command === undefined ? {} : { command }),
        ...(queue === undefined ? {} : { queue }),
        ...(owner === undefined ? {} : { owner }),
        ...(since === undefined ? {} : { finished_after: since }),
        ...(find === undefined ? {} : { q: find }),
      };
      const page = unwrap(await openSession(options).api.GET('/api/v1/profiles', { params: { query } }));
      await writeRows(options.output, page.profiles, PROFILES, (profile) => profile.job);
    },
  );
}

function addShow(profiles: Command): void {
  const show = profiles.command('show').description('show the metrics that a job left').argument('<job>');
  formatted(connecting(show)).action(async (job: string, options: Options) => {
    const path = { params: { path: { job } } };
    const profile: Profile = unwrap(await openSession(options).api.GET('/api/v1/profiles/{job}', path));
    if (options.output === 'json') return terminal.json(profile, 2);
    await writeRows(options.output, profile.metrics, METRICS, (metric) => metric.name);
  });
}

function addCompare(profiles: Command): void {
  const compare = profiles
    .command('compare')
    .description('compare a job with another, or with the median of the last runs of its command')
    .argument('<job>')
    .argument('[with]', 'the other job (default: the median)')
    .option('--last <n>', 'how many runs make the median and the range', number, 10);
  formatted(connecting(compare)).action(
    async (job: string, other: string | undefined, options: Options & { last: number }) => {
      const query = { job, last: options.last, ...(other === undefined ? {} : { with: other }) };
      const answer = await openSession(options).api.GET('/api/v1/profiles/compare', { params: { query } });
      const comparison = unwrap(answer);
      if (options.output === 'json') return terminal.json(comparison, 2);
      const known = comparison.figures.filter((figure) => figure.job !== null || figure.with !== null);
      await writeRows(options.output, known, FIGURES, (figure) => figure.name);
    },
  );
}
