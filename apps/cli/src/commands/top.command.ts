import type { Command } from 'commander';
import type { Overview } from '@drover/client';
import { colourOfState, formatted, writeOne, type Format } from '../client/output.js';
import { followOverview } from '../client/overview.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { openScreen } from '../terminal/screen.js';
import { Coloured, terminal, type Piece } from '../terminal/terminal.js';

type Line = Piece[];

/** Shows queues, nodes and what waits for somebody, and keeps it up to date. */
export function addTop(program: Command): void {
  const command = program
    .command('top')
    .description('show queues, nodes and what needs you, live; q ends it')
    .option('--once', 'show it once; so it is where the output is no terminal');
  formatted(connecting(command)).action(async (options: ConnectOptions & { output: Format; once?: boolean }) => {
    const session = openSession(options);
    if (options.once || options.output !== 'table' || !terminal.isTerminal('stdout')) {
      const overview = unwrap(await session.api.GET('/api/v1/overview'));
      if (options.output !== 'table') return writeOne(options.output, overview, ({ at }) => at);
      for (const line of linesOf(overview)) await terminal.line(...line);
      return;
    }
    const screen = openScreen();
    let last: Overview | null = null;
    try {
      await followOverview(session, screen.ended, async (overview, trouble) => {
        last = overview ?? last;
        const lines = last ? linesOf(last) : [];
        await screen.show(trouble === null ? lines : [[new Coloured(trouble, 'red')], ...lines]);
      });
    } finally {
      screen.close();
    }
  });
}

const WIDTH = 9;
const right = (text: string | number): string => String(text).padStart(WIDTH);
const seconds = (value: number | null): string =>
  value === null
    ? ''
    : value < 59.5
      ? `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} s`
      : value < 3_600
        ? `${Math.round(value / 60)} min`
        : `${(value / 3_600).toFixed(1)} h`;

function linesOf({ at, queues, nodes, needs }: Overview): Line[] {
  const width = Math.max(8, ...queues.map(({ name }) => name.length), ...nodes.map(({ name }) => name.length));
  const name = (text: string): string => text.padEnd(Math.min(40, width)).slice(0, 40);
  const now = Date.parse(at);
  const titles = ['WAITING', 'RUNNING', 'OLDEST', 'WAIT P50', 'P95', 'STARTED', 'FAILED'].map(right).join('');
  return [
    [`Drover at ${at.slice(0, 19).replace('T', ' ')} UTC; waits, starts and failures of the last hour`],
    [''],
    [new Coloured(`${name('QUEUE')}${titles}`, 'dim')],
    ...queues.flatMap((queue): Line[] => {
      const oldest =
        queue.oldest_queued_at === null ? null : Math.max(0, (now - Date.parse(queue.oldest_queued_at)) / 1_000);
      const { waiting, running, wait_p50_s, wait_p95_s, started, failed, pause } = queue;
      const cells = [
        waiting,
        running,
        seconds(oldest && Math.round(oldest)),
        seconds(wait_p50_s),
        seconds(wait_p95_s),
        started,
      ];
      const why = pause ? ` by ${pause.by}${pause.reason ? `: ${pause.reason}` : ''}` : '';
      return [
        [
          `${name(queue.name)}${cells.map(right).join('')}`,
          failed > 0 ? new Coloured(right(failed), 'red') : right(failed),
        ],
        // A line of its own: beside the figures a narrow terminal has no room for it.
        ...(queue.paused ? [[new Coloured(`  paused${why}`, 'yellow')]] : []),
      ];
    }),
    [''],
    [new Coloured(`${name('NODE')}  SLOTS`, 'dim')],
    ...nodes.map((node): Line => {
      const taken = node.taken.reduce((sum, { slots }) => sum + slots, 0);
      const jobs = node.taken.flatMap(({ job }) => job?.name ?? job?.job_id ?? 'of another project').join(', ');
      return [
        name(node.name),
        `  ${taken}/${node.slots}`.padEnd(10),
        colourOfState(node.lost ? 'lost' : node.state),
        `  ${jobs}`,
      ];
    }),
    ...trouble(needs),
  ];
}

function trouble({ failures, alarms, nodes }: Overview['needs']): Line[] {
  const lines: Line[] = [
    ...nodes.map(({ sentence }): Line => [new Coloured(sentence, 'red')]),
    ...alarms.map((alarm): Line => [new Coloured(`The alarm ${alarm.name} fires for ${alarm.entry}.`, 'red')]),
    ...failures.map(({ count, sentence, queues }): Line => [
      `${right(count)} failed: ${sentence} (${queues.join(', ')})`,
    ]),
  ];
  return lines.length === 0 ? [] : [[''], [new Coloured('NEEDS YOU', 'dim')], ...lines];
}
