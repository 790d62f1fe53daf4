import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AlarmBacktest, BacktestResult } from '@drover/client';
import { number } from '../client/job-options.js';
import { formatted, writeRows, type Column, type Format } from '../client/output.js';
import { connecting, openSession, unwrap, type ConnectOptions } from '../client/session.js';
import { terminal } from '../terminal/terminal.js';

const DAY_S = 86_400;

type Firing = BacktestResult['firings'][number];

const COLUMNS: Column<Firing>[] = [
  ['JOB', (firing) => firing.job],
  ['FIRED', (firing) => firing.fired_at.slice(0, 19).replace('T', ' ')],
  ['FOR', (firing) => (firing.seconds === null ? '' : `${Math.round(firing.seconds)} s`)],
  ['VALUE', (firing) => (firing.value === null ? '' : String(firing.value))],
  ['FROM', (firing) => (firing.certain ? firing.evidence : `${firing.evidence}, not certain`)],
];

/** Alarms: what they would have done. */
export function addAlarms(program: Command): void {
  const alarms = program.command('alarms').description('alarms over metrics');
  const backtest = alarms
    .command('backtest')
    .description('say when an alarm would have fired: a rule from a file, tried against the past')
    .argument('<file>', 'the alarm as JSON, as POST /api/v1/alarms takes it')
    .option('--days <n>', 'how far to look back', number, 30);
  formatted(connecting(backtest)).action(
    async (file: string, options: ConnectOptions & { output: Format; days: number }) => {
      const alarm = await ruleOf(file);
      const { api } = openSession(options);
      const body = { window_s: options.days * DAY_S, ...alarm };
      const result = unwrap(await api.POST('/api/v1/alarms/backtest', { body }));
      if (options.output === 'json') return terminal.json(result, 2);
      await writeRows(options.output, result.firings, COLUMNS, (firing) => firing.job);
      await terminal.err(`${result.summary}\n`);
    },
  );
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
