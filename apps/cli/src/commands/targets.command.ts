import { InvalidArgumentError, type Command } from 'commander';
import type { ScrapeTarget } from '@drover/client';
import { number } from '../client/job-options.js';
import { formatted, writeOne, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions, type Session } from '../client/session.js';
import { EXIT, ExitError } from '../exit.js';
import { Coloured } from '../terminal/terminal.js';

type Options = ConnectOptions & { output: Format };

/** Characters of the last error that a table shows. */
const ERROR_LENGTH = 80;
const COLOURS = { up: 'green', down: 'red', unknown: 'yellow' } as const;

const TARGETS: Column<ScrapeTarget>[] = [
  ['TARGET', (target) => target.id],
  ['ADDRESS', (target) => target.address],
  ['HEALTH', ({ health }) => new Coloured(health, COLOURS[health] ?? 'yellow')],
  ['KIND', (target) => target.kind],
  ['EVERY', (target) => `${target.period_s} s`],
  ['LAST SCRAPE', (target) => target.last_scrape_at?.slice(0, 19).replace('T', ' ') ?? ''],
  ['TOOK', ({ last_duration_ms: took }) => (took === null ? '' : `${Math.round(took)} ms`)],
  ['SERIES', (target) => String(target.series)],
  ['FAILURES', ({ failures }) => (failures === 0 ? '' : String(failures))],
  ['LAST ERROR', (target) => (target.last_error ?? '').slice(0, ERROR_LENGTH)],
  ['JOB', (target) => target.job ?? ''],
];

/** Scrape targets: what there is with its health, and changes of it. */
export function addTargets(program: Command): void {
  const targets = program.command('targets').description('what is scraped for metrics, with its health');
  const list = targets.command('list', { isDefault: true }).description('targets with their health and last error');
  formatted(connecting(list)).action(async (options: Options) => {
    await writeRows(options.output, await all(openSession(options)), TARGETS, (target) => target.id);
  });
  addAdd(targets);
  const remove = targets
    .command('remove')
    .description('scrape a target no more; what it has counted stays')
    .argument('<target>', 'its address or its id');
  connecting(remove).action(async (target: string, options: ConnectOptions) => {
    const session = openSession(options);
    const id = await idOf(session, target);
    unwrap(await session.api.DELETE('/api/v1/scrape-targets/{id}', { params: { path: { id } } }));
  });
}

function addAdd(targets: Command): void {
  const add = targets
    .command('add')
    .description('scrape an exporter of Prometheus, a metric proxy or another Drover; it has to answer now')
    .argument('<address>', 'host:port, without http://')
    .option('--every <seconds>', 'between two scrapes (default: DROVER_SCRAPE_PERIOD of the API)', period)
    .option('--job <id>', 'only while this job runs, and as a part of its metrics')
    .option('--keep', 'keep it when it fails (default: dropped after three failures in a row)');
  formatted(connecting(add)).action(
    async (address: string, options: Options & { every?: number; job?: string; keep?: boolean }) => {
      const body = {
        address,
        ...(options.every === undefined ? {} : { period_s: options.every }),
        ...(options.job === undefined ? {} : { job: options.job }),
        ...(options.keep ? { keep: true } : {}),
      };
      const made = unwrap(await openSession(options).api.POST('/api/v1/scrape-targets', { body }));
      await writeOne(options.output, made, (target) => target.id);
    },
  );
}

const all = async ({ api }: Session): Promise<ScrapeTarget[]> =>
  unwrap(await api.GET('/api/v1/scrape-targets')).targets;

/** The id of a target that is named by its address; any other text is an id. */
async function idOf(session: Session, target: string): Promise<string> {
  if (!target.includes(':')) return target;
  const found = (await all(session)).find(({ address }) => address === target);
  if (!found) throw new ExitError(EXIT.notFound, `There is no scrape target ${target}. \`drover targets\` lists them.`);
  return found.id;
}

function period(text: string): number {
  const seconds = number(text);
  if (seconds <= 0) throw new InvalidArgumentError('It must be a number of seconds above 0.');
  return seconds;
}
