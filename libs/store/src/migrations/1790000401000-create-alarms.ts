import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alarm rules, what they say now, what they said before, and silences. */
export class CreateAlarms1790000401000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE IF EXISTS alarm_silence, alarm_transition, alarm_state, alarm_rule; DROP SEQUENCE IF EXISTS alarm_version',
    );
  }
}

const STATEMENTS = [
  // The sum of all versions changes with every change of a rule or silence: what a reader compares to know whether its
  // copy is good.
  `CREATE SEQUENCE alarm_version`,
  `CREATE TABLE alarm_rule (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    target_kind text NOT NULL,
    target text NOT NULL,
    metric text NOT NULL,
    operator text NOT NULL,
    threshold double precision NOT NULL,
    clear_threshold double precision,
    for_s double precision NOT NULL DEFAULT 0,
    keep_for_s double precision NOT NULL DEFAULT 0,
    no_data text NOT NULL DEFAULT 'ok',
    severity text NOT NULL DEFAULT 'warning',
    labels jsonb NOT NULL DEFAULT '{}',
    annotations jsonb NOT NULL DEFAULT '{}',
    group_by text[] NOT NULL DEFAULT '{alertname}',
    repeat_s double precision NOT NULL DEFAULT 14400,
    actions jsonb NOT NULL DEFAULT '[]',
    enabled boolean NOT NULL DEFAULT true,
    ended boolean NOT NULL DEFAULT false,
    owner text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT nextval('alarm_version'),
    seq bigint GENERATED ALWAYS AS IDENTITY
  )`,
  // A rule whose entry has ended waits for its last notification only; its name is free again.
  `CREATE UNIQUE INDEX alarm_rule_name ON alarm_rule (target_kind, target, name) WHERE NOT ended`,
  // One row a rule and entry while the alarm is pending or firing.
  `CREATE TABLE alarm_state (
    rule_id uuid NOT NULL REFERENCES alarm_rule ON DELETE CASCADE,
    entry text NOT NULL,
    state text NOT NULL,
    active_at timestamptz NOT NULL,
    fired_at timestamptz,
    keep_since timestamptz,
    value double precision,
    told_at timestamptz,
    PRIMARY KEY (rule_id, entry)
  )`,
  `CREATE TABLE alarm_transition (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id uuid NOT NULL,
    rule_name text NOT NULL,
    entry text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    value double precision,
    silenced boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL
  )`,
  `CREATE INDEX alarm_transition_rule ON alarm_transition (rule_id, id DESC)`,
  `CREATE TABLE alarm_silence (
    id uuid PRIMARY KEY,
    matchers jsonb NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    comment text NOT NULL DEFAULT '',
    owner text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT nextval('alarm_version')
  )`,
];
