import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Silence } from '@drover/client';
import { formatted, writeOne, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';

type Options = ConnectOptions & { output: Format };

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `15m`, `2h`, `7d` or `4w` in milliseconds, or a message of commander's. */
function lengthOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms === 0) throw new InvalidArgumentError('It must be a length of time such as 90s, 15m, 2h, 7d or 4w.');
  return ms;
}

const timeOf = (at: string): string => at.slice(0, 19).replace('T', ' ');

const matcherWords = ({ name, value, glob, equal }: Silence['matchers'][number]): string =>
  `${name}${equal === false ? '!' : ''}=${glob ? '~' : ''}${value}`;

const SILENCES: Column<Silence>[] = [
  ['SILENCE', (silence) => silence.id],
  ['ALARMS', (silence) => silence.matchers.map(matcherWords).join(' ')],
  ['FROM', (silence) => timeOf(silence.starts_at)],
  ['UNTIL', (silence) => timeOf(silence.ends_at)],
  ['BY', (silence) => silence.owner],
  ['WHY', (silence) => silence.comment.slice(0, 60)],
];

/** Silences: who is not told of what, until when and why. */
export function addSilences(alarms: Command): void {
  const list = alarms.command('silences').description('silences, also those of the last week that are over');
  formatted(connecting(list)).action(async (options: Options) => {
    const { silences } = unwrap(await openSession(options).api.GET('/api/v1/alarms/silences'));
    await writeRows(options.output, silences, SILENCES, (silence) => silence.id);
  });
  const add = alarms
    .command('silence')
    .description('tell nobody of an alarm for a time; it is recorded, and cancels nothing')
    .argument('<name>', 'the name of the alarm; * stands for any text')
    .addOption(
      new Option('--for <time>', 'how long, such as 30m, 2h or 7d').argParser(lengthOf).default(lengthOf('2h'), '2h'),
    )
    .option('--job <id>', 'on this job alone')
    .option('--comment <text>', 'why, for others');
  formatted(connecting(add)).action(
    async (name: string, options: Options & { for: number; job?: string; comment?: string }) => {
      const exact = { glob: false, equal: true };
      const body = {
        matchers: [
          { name: 'alertname', value: name, glob: name.includes('*'), equal: true },
          ...(options.job === undefined ? [] : [{ name: 'entry', value: options.job, ...exact }]),
        ],
        ends_at: new Date(Date.now() + options.for).toISOString(),
        ...(options.comment === undefined ? {} : { comment: options.comment }),
      };
      const made = unwrap(await openSession(options).api.POST('/api/v1/alarms/silences', { body }));
      await writeOne(options.output, made, (silence) => silence.id);
    },
  );
  const end = alarms.command('unsilence').description('end a silence; what fires is told then').argument('<id>');
  connecting(end).action(async (id: string, options: ConnectOptions) => {
    unwrap(await openSession(options).api.DELETE('/api/v1/alarms/silences/{id}', { params: { path: { id } } }));
  });
}
