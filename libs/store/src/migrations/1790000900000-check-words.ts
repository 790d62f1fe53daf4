import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';
import { constrainWords, freeWords, type WordColumn } from './word-columns.js';

/**
 * States, causes, kinds and the like are words of closed lists. Names of dialects are not checked: dialects come and
 * go.
 */
export class CheckWords1790000900000 implements PhasedMigration {
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await constrainWords(runner, COLUMNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await freeWords(runner, COLUMNS);
  }
}

const CAUSES = [
  'exit_code',
  'signal',
  'timeout',
  'silence',
  'output_limit',
  'oom',
  'cancelled',
  'agent_lost',
  'disk_full',
  'spawn_error',
  'expired',
  'dependency_failed',
  'refused',
];
const ALARM_STATES = ['inactive', 'pending', 'firing'];

/**
 * The words of this version, written out: a database that has this migration keeps them whatever the lists become. A
 * new word needs a migration that constrains its columns anew; test/record/schema.test.ts fails until it is there.
 */
const COLUMNS: readonly WordColumn[] = [
  [
    'job',
    'state',
    ['scheduled', 'queued', 'claimed', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled', 'expired'],
  ],
  ['job', 'cause', CAUSES],
  ['job', 'dispatch', ['ticket', 'placed', 'pull', 'observed']],
  ['execution', 'state', ['claimed', 'running', 'ended']],
  ['execution', 'cause', CAUSES],
  ['log_chunk', 'stream', ['stdout', 'stderr']],
  ['agent', 'kind', ['worker', 'pull']],
  ['agent', 'state', ['online', 'draining', 'offline']],
  ['delivery', 'kind', ['webhook', 'mail']],
  ['delivery', 'state', ['pending', 'delivered', 'failed', 'dropped']],
  ['alarm_rule', 'target_kind', ['entry', 'queue', 'command']],
  ['alarm_rule', 'operator', ['>', '<', '=']],
  ['alarm_rule', 'no_data', ['ok', 'alarm', 'keep']],
  ['alarm_state', 'state', ['pending', 'firing']],
  ['alarm_transition', 'from_state', ALARM_STATES],
  ['alarm_transition', 'to_state', ALARM_STATES],
  [
    'metric_source',
    'kind',
    ['client', 'execution', 'node', 'target', 'proxy-main', 'proxy-node', 'proxy-job', 'http', 'archive', 'ended'],
  ],
  ['scrape_target', 'kind', ['prometheus', 'proxy']],
  ['scrape_target', 'health', ['unknown', 'up', 'down']],
  [
    'audit',
    'kind',
    [
      'job',
      'alarm',
      'silence',
      'profile',
      'scrape target',
      'queue',
      'agent',
      'client',
      'project',
      'secret',
      'key',
      'counter',
      'tree',
    ],
  ],
  ['job_trail', 'change_type', ['create', 'update', 'delete']],
  ['project_quota', 'quota', ['waiting_jobs', 'log_bytes', 'artifacts', 'artifact_bytes', 'series']],
];
