import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ActiveAlarm, Alarm, AlarmBacktest, AlarmFiring, BacktestResult } from '@drover/client';
import { number } from '../client/job-options.js';
import { formatted, writeOne, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { Coloured, terminal } from '../terminal/terminal.js';
import { addSilences } from './silences.command.js';

const DAY_S = 86_400;

type Options = ConnectOptions & { output: Format };
type Tried = BacktestResult['firings'][number];

const timeOf = (at: string | null): string => (at === null ? '' : at.slice(0, 19).replace('T', ' '));
const numberOf = (value: number | null): string => (value === null ? '' : String(value));

const scopeOf = ({ target, queue, command }: Alarm): string =>
  queue === null ? (command === null ? (target ?? '') : `command ${command}`) : `queue ${queue}`;

const stateOf = (alarm: Alarm): Coloured => {
  if (!alarm.enabled) return new Coloured('off', 'yellow');
  const firing = alarm.states.filter(({ state }) => state === 'firing').length;
  if (firing > 0) return new Coloured(firing === 1 ? 'firing' : `firing on ${firing}`, 'red');
  return alarm.states.length > 0 ? new Coloured('pending', 'yellow') : new Coloured('quiet', 'green');
};

const ALARMS: Column<Alarm>[] = [
  ['ALARM', (alarm) => alarm.id],
  ['NAME', (alarm) => alarm.name],
  ['STATE', stateOf],
  ['LOOKS AT', scopeOf],
  ['FIRES WHEN', ({ metric, operator, threshold }) => `${metric} ${operator} ${threshold}`],
  ['LAST FIRED', (alarm) => timeOf(alarm.last_fired_at)],
  ['OWNER', (alarm) => alarm.owner],
];

const ACTIVE: Column<ActiveAlarm>[] = [
  ['NAME', (alarm) => alarm.name],
  ['STATE', ({ state }) => new Coloured(state, state === 'firing' ? 'red' : 'yellow')],
  ['ON', (alarm) => alarm.entry],
  ['SINCE', (alarm) => timeOf(alarm.fired_at ?? alarm.active_at)],
  ['VALUE', (alarm) => numberOf(alarm.value)],
  ['SEVERITY', (alarm) => alarm.severity],
  ['SILENT UNTIL', (alarm) => timeOf(alarm.silenced_until)],
];

const FIRINGS: Column<AlarmFiring>[] = [
  ['FIRED', (firing) => timeOf(firing.fired_at)],
  ['ENDED', (firing) => timeOf(firing.ended_at)],
  ['BY', (firing) => firing.ended_by ?? ''],
  ['NAME', (firing) => firing.name],
  ['ON', (firing) => firing.entry],
  ['VALUE', (firing) => numberOf(firing.value)],
  ['TOLD', (firing) => (firing.silenced ? 'silenced' : '')],
];

const TRIED: Column<Tried>[] = [
  ['JOB', (firing) => firing.job],
  ['FIRED', (firing) => timeOf(firing.fired_at)],
  ['FOR', (firing) => (firing.seconds === null ? '' : `${Math.round(firing.seconds)} s`)],
  ['VALUE', (firing) => numberOf(firing.value)],
  ['FROM', (firing) => (firing.certain ? firing.evidence : `${firing.evidence}, not certain`)],
];

/** Alarms: what there is, what they did, and what they would have done. */
export function addAlarms(program: Command): void {
  const alarms = program.command('alarms').description('alarms over metrics, their history and silences');
  addLists(alarms);
  addChanges(alarms);
  addBacktest(alarms);
  addSilences(alarms);
}

function addLists(alarms: Command): void {
  const list = alarms.command('list', { isDefault: true }).description('alarms with their states');
  formatted(connecting(list)).action(async (options: Options) => {
    const found = unwrap(await openSession(options).api.GET('/api/v1/alarms'));
    await writeRows(options.output, found.alarms, ALARMS, (alarm) => alarm.id);
  });
  const active = alarms.command('active').description('where alarms are pending or fire');
  formatted(connecting(active)).action(async (options: Options) => {
    const found = unwrap(await openSession(options).api.GET('/api/v1/alarms/active'));
    await writeRows(options.output, found.states, ACTIVE, (alarm) => alarm.entry);
  });
  const history = alarms
    .command('history')
    .description('when alarms fired, the newest first, and how that ended')
    .option('--alarm <id>', 'of this alarm')
    .option('--job <id>', 'on this job')
    .option('--limit <n>', 'how many', number, 100);
  formatted(connecting(history)).action(
    async ({ alarm, job, limit, ...options }: Options & { alarm?: string; job?: string; limit: number }) => {
      const query = {
        limit,
        ...(alarm === undefined ? {} : { alarm }),
        ...(job === undefined ? {} : { entry: job }),
      };
      const found = unwrap(await openSession(options).api.GET('/api/v1/alarms/firings', { params: { query } }));
      await writeRows(options.output, found.firings, FIRINGS, (firing) => firing.entry);
    },
  );
}

function addChanges(alarms: Command): void {
  const add = alarms
    .command('add')
    .description('add an alarm')
    .argument('<file>', 'the alarm as JSON, as POST /api/v1/alarms takes it');
  formatted(connecting(add)).action(async (file: string, options: Options) => {
    const body = await ruleOf(file);
    const made = unwrap(await openSession(options).api.POST('/api/v1/alarms', { body }));
    await writeOne(options.output, made, (alarm) => alarm.id);
  });
  const replace = alarms
    .command('replace')
    .description('replace an alarm by another; where it fires it goes on if the new condition holds')
    .argument('<id>')
    .argument('<file>', 'the alarm as JSON, as PUT /api/v1/alarms/{id} takes it');
  formatted(connecting(replace)).action(async (id: string, file: string, options: Options) => {
    const body = await ruleOf(file);
    const params = { path: { id } };
    const made = unwrap(await openSession(options).api.PUT('/api/v1/alarms/{id}', { params, body }));
    await writeOne(options.output, made, (alarm) => alarm.id);
  });
  const remove = alarms.command('remove').description('delete an alarm; its history stays').argument('<id>');
  connecting(remove).action(async (id: string, options: ConnectOptions) => {
    unwrap(await openSession(options).api.DELETE('/api/v1/alarms/{id}', { params: { path: { id } } }));
  });
}

function addBacktest(alarms: Command): void {
  const backtest = alarms
    .command('backtest')
    .description('say when an alarm would have fired: a rule from a file, tried against the past')
    .argument('<file>', 'the alarm as JSON, as POST /api/v1/alarms takes it')
    .option('--days <n>', 'how far to look back', number, 30);
  formatted(connecting(backtest)).action(async (file: string, options: Options & { days: number }) => {
    const alarm = await ruleOf(file);
    const { api } = openSession(options);
    const body = { window_s: options.days * DAY_S, ...alarm };
    const result = unwrap(await api.POST('/api/v1/alarms/backtest', { body }));
    if (options.output === 'json') return terminal.json(result, 2);
    await writeRows(options.output, result.firings, TRIED, (firing) => firing.job);
    await terminal.err(`${result.summary}\n`);
  });
}

async function ruleOf(file: string): Promise<AlarmBacktest> {
  const { DroverError } = await import('@drover/domain');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as AlarmBacktest;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DroverError('invalid', `${file} holds no alarm as JSON: ${why}.`);
  }
}
